"""How figures, dates and tables are written, one function a format."""
