"""A client of Yandex SmartCaptcha's verification."""

import requests

TIMEOUT = (2, 3)  # seconds to connect, to answer: a person waits with the form in hand


class SmartCaptchaDown(Exception):
    """No answer, or none that says anything. `reason` is fit for a log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def token_is_good(*, url: str, secret: str, token: str, address: str) -> bool:
    """Tell whether a token is good; it is for five minutes and once. Raises SmartCaptchaDown."""
    try:
        answer = requests.post(
            url,
            data={"secret": secret, "token": token, "ip": address},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise SmartCaptchaDown(type(error).__name__) from error
    if answer.status_code != 200:
        raise SmartCaptchaDown(f"HTTP {answer.status_code}")
    try:
        status = answer.json()["status"]
    except (ValueError, KeyError, TypeError) as error:
        raise SmartCaptchaDown("no status in the answer") from error
    return bool(status == "ok")
