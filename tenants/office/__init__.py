"""The first page of the central office with its figures by month, and its search."""
