"""Changes that one central admin proposes and another one confirms."""
