"""The database backend: a tenant never sees public through the search path."""
