"""What a new company finds on its site on its first day, and what it takes over from another's."""
