"""Surface 3, the command line: one file per command, and what they share. The only room that knows click and rich."""
