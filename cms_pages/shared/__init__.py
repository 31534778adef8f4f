"""Content that the central office writes once and sends to companies, where it may be adapted."""
