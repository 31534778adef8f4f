"""The first page of the central office, and its search."""
