"""The stand-in of YooKassa for tests: a server in threads of this process, emptied before each test.

`payment_sandbox.shop("pskov")` gives a shop's number and key, `shop_set_up("pskov")` writes the company's
`Shop` with them. Nothing is sent to anybody: a test takes `notifications()` and posts them itself, or sets
`deliver_to(function)`.

`payment_sandbox_process` is the same in a process of its own, for tests that kill it: it has the same
methods, because they work on its database.
"""

import datetime
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devtools.sandbox import methods, notices, payments, refunds
from devtools.sandbox.api import Asked
from devtools.sandbox.notices import Sender
from devtools.sandbox.scenarios import CARDS, FAULTS, GOOD, OPERATIONS, Plan
from devtools.sandbox.server import Sandbox
from devtools.sandbox.state import DATABASE, SWITCHES, State
from tests.support.processes import wait_for

_INN = {"pskov": "6027000009", "novgorod": "5321000001", "yugra": "8601000000"}


@dataclass(frozen=True)
class ShopKeys:
    shop_id: str
    secret_key: str


def shop_keys(company: str) -> ShopKeys:
    """Always the same, and no two companies' alike."""
    number = int.from_bytes(company.encode()[:3]) % 900_000 + 100_000
    return ShopKeys(str(number), f"test_{company}_key")


def card(name: str) -> str:
    """The number of a card: `good`, `gis`, `insufficient_funds`, `later_card_expired`, …"""
    return CARDS[name].number


class PaymentSandbox:
    def __init__(self, state: State, sandbox: Sandbox | None = None) -> None:
        self.state = state
        self.sandbox = sandbox  # None: in a process of its own
        self.sender = sandbox.sender if sandbox else Sender(state)

    # --- shops ---

    def shop(self, company: str, **changes: Any) -> ShopKeys:
        """A company's shop; `changes`: enabled, qr, autopay, fiscalization, methods, inn, test, utilities."""
        keys = shop_keys(company)
        shop = {
            "secret": keys.secret_key,
            "company": company,
            "inn": _INN.get(company, "7700000000"),
            "gateway": f"{keys.shop_id}0",
            "test": True,
            "enabled": True,
            "fiscalization": False,
            "utilities": True,
            "autopay": True,
            "qr": True,
            "methods": ["bank_card", "sbp"],
            "webhook": "",
        }
        with self.state.transaction():
            self.state.shop_set(keys.shop_id, shop | changes)
        return keys

    # --- the payer ---

    def pay(self, provider_id: str, card: str = GOOD, plan: Plan | None = None) -> None:
        """«Оплатить» at the bank; `card` is a number (see `card()`), `plan` is for what no card does."""
        with self.state.transaction():
            payments.time_passes(self.state)
            payments.payment_pay(self.state, self._one("payment", provider_id), card, plan)
        self._say()

    def cancel(self, provider_id: str, reason: str = "expired_on_confirmation") -> None:
        """«Отмена» on the bank's page, or any other reason."""
        with self.state.transaction():
            one = self._one("payment", provider_id)
            if payments.is_open(one) or one.private.get("waits"):
                payments.payment_decline(self.state, one, reason)
        self._say()

    def release(self, provider_id: str) -> None:
        """ГИС ЖКХ has taken the order of a paid payment."""
        with self.state.transaction():
            one = self._one("payment", provider_id)
            if one.private.get("waits"):
                payments.payment_settle(self.state, one)
        self._say()

    def refund_finish(self, refund_id: str, reason: str = "") -> None:
        """End a refund that is pending: made, or canceled for a reason."""
        with self.state.transaction():
            refunds.refund_finish(self.state, self._one("refund", refund_id), reason)
        self._say()

    def revoke(self, method_id: str) -> None:
        """The payer takes back the permission at the bank."""
        with self.state.transaction():
            methods.method_revoke(self.state, self._one("method", method_id))

    def _one(self, kind: str, name: str) -> Any:
        one = self.state.get(kind, name)
        assert one is not None, f"there is no such {kind}"
        return one

    # --- what it has ---

    def payments(self, company: str = "") -> list[dict[str, Any]]:
        """As the API shows them, oldest first."""
        return self._all("payment", company)

    def refunds(self, company: str = "") -> list[dict[str, Any]]:
        return self._all("refund", company)

    def payment(self, provider_id: str) -> dict[str, Any]:
        return self._one("payment", provider_id).data

    def _all(self, kind: str, company: str) -> list[dict[str, Any]]:
        wanted = shop_keys(company).shop_id if company else ""
        return [one.data for one in self.state.find(kind) if wanted in ("", one.shop)]

    def taken(self, company: str = "") -> Any:
        """The money that payers have parted with, ₽: of a company, or {shop_id: sum}; see `returned`."""
        return self._sum("payment", company)

    def returned(self, company: str = "") -> Any:
        """What has gone back to payers, ₽, as `taken`."""
        return self._sum("refund", company)

    def _sum(self, kind: str, company: str) -> Any:
        sums: dict[str, Decimal] = {}
        for one in self.state.find(kind):
            if one.data["status"] == "succeeded":
                sums[one.shop] = sums.get(one.shop, Decimal(0)) + Decimal(
                    one.data["amount"]["value"]
                )
        return sums.get(shop_keys(company).shop_id, Decimal(0)) if company else sums

    def requests(self, operation: str = "") -> list[Asked]:
        """What the API was asked, in order; of a process nothing is known."""
        return [one for one in self.sandbox.api.asked if operation in ("", one.operation)]

    # --- what goes wrong ---

    def scenario(
        self, name: str, *, operation: str = "any", times: int = 1, company: str = ""
    ) -> None:
        """The next requests meet a fault of `FAULTS`: `error_after`, `drop_before`, `too_many`, …"""
        assert name in FAULTS
        assert operation in OPERATIONS
        shop = shop_keys(company).shop_id if company else ""
        with self.state.transaction():
            self.state.fault_add(name, operation=operation, shop=shop, times=times)

    def switch(self, **values: Any) -> None:
        """Set `SWITCHES`: webhooks="twice", waits=True, refunds="pending", receipts="canceled"."""
        assert values.keys() <= SWITCHES.keys()
        with self.state.transaction():
            for name, value in values.items():
                self.state.switch_set(name, value)

    def forward(self, by: datetime.timedelta) -> None:
        """Move its clock; the portal's stays."""
        self.switch(clock=self.state.switch("clock") + by.total_seconds())
        with self.state.transaction():
            payments.time_passes(self.state)

    def release_hanging(self) -> None:
        """Those who hang are dropped now."""
        self.sandbox.released.set()

    # --- notifications ---

    def notifications(self) -> list[dict[str, Any]]:
        """What is to be posted by now, in order; each only once."""
        found = notices.claim(self.state)
        for number, _shop, _body in found:
            notices.delivered(self.state, number)
        return [body for _number, _shop, body in found]

    def deliver_to(self, target: Callable[[dict[str, Any]], int] | None) -> None:
        """From now on a function gets each notification at once and says the status it was answered with."""
        self.sender.target = target

    def _say(self) -> None:
        if self.sender.target is not None:
            self.sender.send_due()


@pytest.fixture(scope="session")
def payment_sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("yookassa"))
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def payment_sandbox(payment_sandbox_server: Sandbox, settings: Any) -> Iterator[PaymentSandbox]:
    payment_sandbox_server.reset()
    it = payment_sandbox_server
    _point_at(settings, it.api_url, it.pages_url, it.authority)
    sandbox = PaymentSandbox(payment_sandbox_server.state, payment_sandbox_server)
    for company in ("pskov", "novgorod"):
        sandbox.shop(company)
    yield sandbox
    payment_sandbox_server.reset()


class SandboxProcess(PaymentSandbox):
    """The stand-in as the demo runs it. Its sockets outlive it: who connects meanwhile waits."""

    def __init__(self, folder: Path) -> None:
        super().__init__(State(folder / DATABASE))
        self._folder = folder
        self._api, self._pages = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
        self.api_url = f"https://127.0.0.1:{self._api.getsockname()[1]}/v3"
        self.pages_url = f"http://127.0.0.1:{self._pages.getsockname()[1]}"
        self.authority = folder / "ca.pem"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        numbers = self._api.fileno(), self._pages.fileno()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "devtools.sandbox", str(self._folder)),
                *("--api", str(numbers[0]), "--pages", str(numbers[1])),
            ],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
            pass_fds=numbers,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout.readline()  # it serves

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def has_died(self) -> bool:
        """Whether it has killed itself (`die_before`, `die_after`)."""
        return self._process.poll() is not None

    def wait_until_dead(self) -> None:
        wait_for(self.has_died)

    def close(self) -> None:
        self.kill()
        self.state.close()
        for one in (self._api, self._pages):
            one.close()


@pytest.fixture
def payment_sandbox_process(tmp_path: Path, settings: Any) -> Iterator[SandboxProcess]:
    process = SandboxProcess(tmp_path)
    for company in ("pskov", "novgorod"):
        process.shop(company)
    process.start()
    _point_at(settings, process.api_url, process.pages_url, process.authority)
    yield process
    process.close()


def _point_at(settings: Any, api_url: str, pages_url: str, authority: Path) -> None:
    settings.YOOKASSA_API_URL = api_url
    settings.YOOKASSA_CA_BUNDLE = str(authority)
    settings.YOOKASSA_PAGES = [pages_url]
    settings.YOOKASSA_NETWORKS = ["127.0.0.1/32"]


@pytest.fixture
def shop_set_up(payment_sandbox: PaymentSandbox) -> Callable[..., Any]:
    """`shop_set_up("pskov", takes_sbp=False)`: the company's `Shop`, on, with the sandbox's keys."""
    from django.utils import timezone
    from django_tenants.utils import schema_context
    from wagtail.models import Site

    from cabinet.payments.models import Shop

    def set_up(company: str, **changes: Any) -> Any:
        keys = payment_sandbox.shop(company)
        with schema_context(company):
            site = Site.objects.get(is_default_site=True)
            defaults = {
                "provider": "yookassa",
                "shop_id": keys.shop_id,
                "secret_key": keys.secret_key,
                "is_on": True,
                "checked_at": timezone.now(),
            } | changes
            shop, _created = Shop.objects.update_or_create(site=site, defaults=defaults)
        return shop

    return set_up
