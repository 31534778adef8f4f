"""Archives: a company as one file, made and restored."""
