"""Pages that are laid out once and filled with texts many times."""
