"""Kinds of code actions."""

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.tightlip"
REDACT_ALL = "source.redactAll.tightlip"
