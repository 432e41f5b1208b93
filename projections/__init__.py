"""What can be read: one pure fold per read model, one SQL view per report. Standard library only."""
