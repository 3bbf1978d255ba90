"""How a text is made safe: tokens, synthetic values and environment lookups in place of findings, and the way back."""
