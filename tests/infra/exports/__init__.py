"""What leaves: exports as others read them."""
