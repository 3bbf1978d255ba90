"""WHAT is in this text? Text in, findings out; knows nothing of policy, editors or assistants."""
