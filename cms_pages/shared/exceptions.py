class SharedRefused(Exception):
    """It cannot be done, and trying again would not help; the reason is in Russian."""


class DecisionOutdated(Exception):
    """Something has changed since the page with the buttons was made."""
