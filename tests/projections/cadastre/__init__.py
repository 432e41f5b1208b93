"""What can be read about cadastre orders."""
