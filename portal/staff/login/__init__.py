"""The ways in: password, second factor, sessions; their limits."""
