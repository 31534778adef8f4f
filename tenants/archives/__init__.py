"""A company as one file, and back again."""
