from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.captcha.base import CaptchaFailed, CaptchaProvider

ANSWER = "human"


class TestingProvider(CaptchaProvider):
    """For tests, which answer `human`. Only portal/settings/test.py names it."""

    identifier = "testing"
    template_name = "captcha/testing.html"

    def context(self) -> dict[str, Any]:
        return {}

    def verify(self, *, data: Mapping[str, Any], name: str) -> None:
        if data.get(name) != ANSWER:
            raise CaptchaFailed(_("Отметьте «Я не робот»."))
