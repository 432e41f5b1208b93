"""The rules of cadastre orders, as sentences."""
