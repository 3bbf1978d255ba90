"""Surface 1: the Language Server Protocol. One file per request or notification; the table of them is in `server`."""
