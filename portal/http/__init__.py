"""What every request passes before a view, and what answers where no view does."""
