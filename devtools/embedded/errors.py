class EmbeddedServerError(Exception):
    """An embedded server cannot start or stop; the text is for the person at the console."""
