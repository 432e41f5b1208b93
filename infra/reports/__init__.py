"""Reports and read models for people and their tools: asked on a command line, streamed, written, drawn."""
