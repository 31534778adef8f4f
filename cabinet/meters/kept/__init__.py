"""Readings that a telephone keeps while it has no signal, and the app that it installs (decision 22)."""
