"""Requests to the stand-in's API, as any client would make them."""

import uuid
from typing import Any

import requests
from requests.auth import HTTPBasicAuth

from devtools.sandbox.server import Sandbox
from tests.support.payment_sandbox import SandboxProcess, ShopKeys

ORDER = {
    "type": "utilities",
    "payment_purpose": "Оплата ЖКУ;ЕЛС 80КХ478547;ПРД 10.2026;Осипова Е. Г.",
    "recipient": {
        "name": "ООО «Газпром межрегионгаз Псков»",
        "inn": "6027000009",
        "kpp": "602701001",
        "bank": {
            "name": "Псковский филиал АО «Пример-Банк»",
            "bic": "045805999",
            "account": "40702810600000012345",
            "correspondent_account": "30101810000000000999",
        },
    },
    "payment_period": {"month": 10, "year": 2026},
    "account_number": "805107",
}


def money(value: str) -> dict[str, str]:
    return {"value": value, "currency": "RUB"}


def payment_body(value: str = "194.39", **changes: Any) -> dict[str, Any]:
    return {
        "amount": money(value),
        "capture": True,
        "confirmation": {
            "type": "redirect",
            "return_url": "http://pskov.gas.localhost/payments/k/",
        },
        "payment_order": ORDER | {"amount": money(value)},
        "metadata": {"payment_id": "1"},
    } | changes


class Client:
    def __init__(self, sandbox: Sandbox | SandboxProcess, keys: ShopKeys) -> None:
        self._url, self._verify = sandbox.api_url, str(sandbox.authority)
        self._auth = HTTPBasicAuth(keys.shop_id, keys.secret_key)

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(
            self._url + path, params=query, auth=self._auth, verify=self._verify, timeout=20
        )

    def post(self, path: str, body: Any, key: str = "") -> requests.Response:
        return requests.post(
            self._url + path,
            json=body,
            auth=self._auth,
            verify=self._verify,
            headers={"Idempotence-Key": key or str(uuid.uuid4())},
            timeout=20,
        )

    def create(self, value: str = "194.39", **changes: Any) -> dict[str, Any]:
        answer = self.post("/payments", payment_body(value, **changes))
        assert answer.status_code == 200, answer.text
        return answer.json()
