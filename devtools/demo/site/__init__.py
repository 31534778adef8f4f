"""What the demo's companies have written on their sites."""
