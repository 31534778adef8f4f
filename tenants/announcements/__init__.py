"""Announcements of the central office to the staff of companies."""
