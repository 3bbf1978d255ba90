"""WHERE does it come from? Repository and class of a file, told from its path."""
