"""What the demo is filled with: companies, people, and what waits for its staff."""
