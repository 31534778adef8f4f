"""A billing system, for tests: it has a key and speaks HTTP."""

import json
from pathlib import Path
from typing import Any

from django.test import Client

from cabinet.exchange.keys import key_create
from cabinet.exchange.models import Scope
from cabinet.exchange.queue import queue_drain
from portal.staff.models import StaffUser
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.exchange.builder import COMPANY, write_package, zipped
from tests.support.factories import PSKOV_HOST

API = "/api/exchange/v1"


def make_token(company: GasCompany, *scopes: str, **fields: Any) -> str:
    """A key of the company that may do this; everything when nothing is named."""
    with in_company(company):
        actor, _ = StaffUser.objects.get_or_create(username="key-maker")
        return key_create(
            **{
                "name": "1С:Расчёты",
                "scopes": scopes or tuple(Scope.values),
                "actor": actor,
                **fields,
            }
        ).token


class Billing:
    """What a program of the billing system can do with its key."""

    def __init__(self, token: str, host: str = PSKOV_HOST) -> None:
        self.client = Client(headers={"host": host, "authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"{API}/{path}", headers=headers)

    def send(self, path: Path, query: str = "", **headers: str) -> Any:
        return self.client.post(
            f"{API}/packages{query}",
            path.read_bytes(),
            content_type="application/zip",
            headers=headers,
        )

    def rows(self, kind: str = "readings", query: str = "") -> list[dict[str, Any]]:
        answer = self.get(f"{kind}{query}")
        assert answer.status_code == 200, answer.content
        text = b"".join(answer.streaming_content).decode()
        return [json.loads(line) for line in text.splitlines()]

    def acknowledge(self, **cursors: int) -> Any:
        return self.client.post(
            f"{API}/acknowledgements", json.dumps(cursors), content_type="application/json"
        )


def make_zip(tmp_path: Path, content: Any = COMPANY, /, name: str = "p-1", **manifest: Any) -> Path:
    return zipped(write_package(tmp_path / name, content, **{"package_id": name, **manifest}))


def work(company: GasCompany) -> int:
    """As the worker does."""
    with in_company(company):
        return queue_drain(company)
