"""`tightlip policy`: one file per command."""
