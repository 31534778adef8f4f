"""Linking account 805107, through the steps of the wizard."""

import re
from typing import Any

from django.test import Client

START = "/cabinet/accounts/"
RIGHT = {
    "region": "Псковская область",
    "account_number": "805107",
    "initials": "ОЕГ",
    "proof": "meter",
    "serial_number": "07416852",
}
STEP = re.compile(r"^/cabinet/accounts/add/[0-9a-f-]{36}/(\w+)/$")


def link_by_wizard(
    client: Client, typed: dict[str, str] | None = None, *, agree: bool = True, until: str = ""
) -> Any:
    """Answer each step with what is `typed` instead of RIGHT, and return the page that follows the last.

    That is the account's page, the list, the page that says what is wrong, the step that comes back, or the
    step `until`. `agree`: the box of a consent is ticked where there is one.
    """
    fields = RIGHT | (typed or {})
    answer = client.post(START, {"region": fields["region"]})
    step = "region"
    while True:
        address = answer.headers["Location"]
        found = STEP.match(address)
        if not found or found[1] in (step, until, "operator"):
            return client.get(address, follow=True)
        step = found[1]
        page = client.get(address).content.decode()
        answer = client.post(address, fields | ({"consent": box_of(page)} if agree else {}))


def box_of(page: str) -> str:
    """Return the value of the box of a consent; nothing where there is none."""
    found = re.search(r'name="consent"\s+value="(\w+)"', page)
    return found[1] if found else ""
