"""The way of a guest's reading."""

from django.test import Client

from tests.factories import (
    text_of,
)

PATH = "/guest/readings/"


RIGHT = {
    "action": "find",
    "region": "Псковская область",
    "account_number": "805107",
    "initials": "ОЕГ",
}


def find(client: Client, **changed: str) -> str:
    return text_of(client.post(PATH, {**RIGHT, **changed}))
