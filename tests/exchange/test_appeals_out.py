"""Giving appeals to billing: each change of the state is a row of its own, under the same number."""

import datetime

import pytest

from cabinet.appeals.lifecycle.by_subscriber import appeal_withdraw
from tests.exchange.api import Billing, make_token
from tests.support.appeals import answered, make_kind, make_operator, opened


@pytest.fixture
def billing(pskov):
    return Billing(make_token(pskov))


def test_an_appeal_and_its_changes(billing, owner, account):
    kind = make_kind("Перерасчёт")
    appeal = opened(
        owner, account, kind=kind, question="За отопление", text="Пересчитайте:\nоктябрь"
    )
    (row,) = billing.rows("appeals")
    moment = datetime.datetime.fromisoformat(row.pop("created_at"))
    assert moment.utcoffset() == datetime.timedelta(hours=3)
    assert row == {
        "cursor": 1,
        "appeal_id": str(appeal.pk),
        "account_number": "805107",
        "kind": "Перерасчёт",
        "question": "За отопление",
        "text": "Пересчитайте:\nоктябрь",
        "status": "new",
    }
    answered(appeal, make_operator())
    other, guests = opened(owner, account), opened(None, account, source="site")
    appeal_withdraw(appeal_pk=other.pk, subscriber_id=owner.pk)
    rows = {one["appeal_id"]: one for one in billing.rows("appeals") if one["cursor"] > 1}
    assert rows[str(appeal.pk)]["status"] == "answered"
    assert rows[str(other.pk)]["status"] == "withdrawn"
    assert rows[str(guests.pk)]["account_number"] is None
    page = billing.get("appeals", accept="text/csv")
    lines = b"".join(page.streaming_content).decode().splitlines()
    assert len(lines) == 5 and "Пересчитайте: октябрь" in lines[1]
