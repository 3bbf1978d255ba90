"""The record of what was decided when text was about to leave."""
