"""Texts as PDF files: the portal's own font, no library. Bills and receipts need more and will have one."""
