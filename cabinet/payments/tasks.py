"""The tasks of payments; each calls one service."""
