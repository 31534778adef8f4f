"""What people and operators write in the demonstration."""
