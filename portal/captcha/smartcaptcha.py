"""Yandex SmartCaptcha: a task that Yandex sets and checks. Used where both of its keys are set.

Where its script does not run, or does not come, a sum in words stands below it. While Yandex does not
answer, people are let in, but only so many: from one network, and in all.
"""

from collections.abc import Mapping
from typing import Any

import requests
import structlog
from django.conf import settings
from django.utils.translation import gettext as _
from limits import RateLimitItemPerMinute

from portal.captcha import question
from portal.captcha.base import CaptchaFailed, CaptchaProvider
from portal.http.addresses import address_group, current_address
from portal.limits import RateLimit

TIMEOUT = (2, 3)  # seconds to connect, to answer: a person waits with the form in hand

log = structlog.get_logger(__name__)

_unchecked = RateLimit("captcha:unchecked", RateLimitItemPerMinute(5, 10))
_unchecked_in_all = RateLimit("captcha:unchecked:all", RateLimitItemPerMinute(300, 10))


class SmartCaptchaDown(Exception):
    """No answer, or none that says anything. `reason` is fit for a log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SmartCaptchaProvider(CaptchaProvider):
    identifier = "smartcaptcha"
    template_name = "captcha/smartcaptcha.html"

    def context(self) -> dict[str, Any]:
        asked = question.ask()
        return {
            "client_key": settings.SMARTCAPTCHA_CLIENT_KEY,
            "script_url": f"{settings.SMARTCAPTCHA_URL}/captcha.js",
            "question": asked.text,
            "token": asked.token,
        }

    def verify(self, *, data: Mapping[str, Any], name: str) -> None:
        token = str(data.get("smart-token", ""))
        if not token:
            question.check(token=data.get(f"{name}_question", ""), answer=data.get(name, ""))
            return
        try:
            good = token_is_good(
                url=f"{settings.SMARTCAPTCHA_URL}/validate",
                secret=settings.SMARTCAPTCHA_SERVER_KEY,
                token=token,
                address=current_address(),
            )
        except SmartCaptchaDown as error:
            log.warning("captcha not checked", reason=error.reason)
            _let_in_unchecked()
            return
        if not good:
            raise CaptchaFailed(_("Проверка не удалась. Отметьте «Я не робот» ещё раз."))


def _let_in_unchecked() -> None:
    """Count one more unchecked visitor. Raises CaptchaFailed at the limit, CountersDown."""
    place = address_group(current_address())
    if not (_unchecked.spend(place) and _unchecked_in_all.spend("")):
        raise CaptchaFailed(
            _("Проверка «Я не робот» временно недоступна. Попробуйте через несколько минут.")
        )


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
