class SharedRefused(Exception):
    """It cannot be done, and trying again would not help; the reason is in Russian."""
