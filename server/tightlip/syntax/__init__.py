"""How texts are written: lines, languages, literals, TOML positions. Says nothing about what is secret in them."""
