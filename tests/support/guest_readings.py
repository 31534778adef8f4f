"""The way of a guest's reading."""

import re

from django.test import Client

from tests.support.factories import text_of

PATH = "/guest/readings/"
RIGHT = {
    "region": "Псковская область",
    "account_number": "805107",
    "initials": "ОЕГ",
}


def find(client: Client, **changed: str) -> str:
    """Return the page after a look-up: the account's, or the first one with its errors."""
    return text_of(client.post(PATH, {**RIGHT, **changed}, follow=True))


def account_path(page: str) -> str:
    """Return the address of the account's page that a look-up has led to."""
    return re.search(rf'action="({PATH}[\w-]{{16}}/)"', page)[1]
