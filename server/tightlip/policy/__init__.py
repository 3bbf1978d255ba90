"""MAY it leave? Layers of tightlip.toml -> one effective policy, and the decision by it."""
