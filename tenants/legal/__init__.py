"""Rates, dates and rules of law: dated records with a source."""
