"""The read models of cost figures."""
