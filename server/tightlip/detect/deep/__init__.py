"""The deep lane: presidio-analyzer and detect-secrets in a process of their own, beside the editor and never in its way."""
