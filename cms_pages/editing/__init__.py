"""What replaces parts of Wagtail's forms: files and texts that editors put in."""
