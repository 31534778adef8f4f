"""ALTCHA: the browser proves a second or two of work, and no third party learns of the visit.

Signing, checking and the guard against replay are altcha-django's; the browser's side is
portal/assets/js/captcha.js. Where it cannot run, `portal.captcha.question` takes its place.
"""

import json
from collections.abc import Mapping
from typing import Any

from altcha_django import ErrorCode, LocalVerifier, run_verification
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from portal.captcha import question
from portal.captcha.base import CaptchaFailed, CaptchaProvider
from portal.limits import CountersDown

LIFETIME = 3600  # seconds: people look for their papers between opening a form and sending it
# 150 to 300 derivations: about a second on an old phone, and never a minute.
WORK = {"cost": 5000, "max_number": 300, "expires_seconds": LIFETIME}


class AltchaProvider(CaptchaProvider):
    identifier = "altcha"
    template_name = "captcha/altcha.html"

    def context(self) -> dict[str, Any]:
        asked = question.ask()
        return {
            "challenge_json": json.dumps(_verifier().get_challenge()),
            "question": asked.text,
            "token": asked.token,
        }

    def verify(self, *, data: Mapping[str, Any], name: str) -> None:
        payload = data.get(f"{name}_proof", "")
        if not payload:
            question.check(token=data.get(f"{name}_question", ""), answer=data.get(name, ""))
            return
        try:
            result = run_verification(payload, verifier=_verifier())
        except (RedisError, OSError) as error:
            raise CountersDown from error
        if result.code in (ErrorCode.EXPIRED, ErrorCode.REPLAYED):
            raise CaptchaFailed(_("Проверка устарела. Отметьте «Я не робот» ещё раз."))
        if not result.verified:
            raise CaptchaFailed(_("Проверка не удалась. Отметьте «Я не робот» ещё раз."))


def _verifier() -> LocalVerifier:
    secret = salted_hmac("portal.captcha.altcha", "", algorithm="sha256").hexdigest()
    return LocalVerifier(hmac_secret=secret, challenge=WORK)
