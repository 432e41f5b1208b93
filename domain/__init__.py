"""What the city does: facts, commands and rules of its record families. Pure, standard library only."""
