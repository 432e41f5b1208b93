"""The rules of cost figures, without a database."""
