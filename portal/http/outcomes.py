"""What an error of `requests` says about the request: whether the other side can have seen it."""

import requests
import urllib3

_NEVER_CONNECTED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
    urllib3.exceptions.SSLError,
)


def never_connected(error: requests.RequestException) -> bool:
    """Tell a connection that never was from one that broke after the request had gone."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | ValueError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), _NEVER_CONNECTED)
