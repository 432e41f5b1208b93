"""Records from elsewhere: sources are read row by row and go through the same commands as everybody's work."""
