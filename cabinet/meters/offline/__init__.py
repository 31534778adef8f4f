"""Readings typed without signal, and the installed app (decision 20)."""
