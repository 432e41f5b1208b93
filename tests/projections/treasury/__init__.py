"""What the treasurer can ask."""
