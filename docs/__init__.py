"""The generator of the rule pages."""
