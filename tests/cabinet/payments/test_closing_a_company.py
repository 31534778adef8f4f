"""A suspended company goes on with what was begun; with something open none is archived or deleted."""

import uuid

import pytest
from django.core.management import call_command
from django.test import Client

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.models import AutoPayment
from cabinet.subscribers.models import AccountLink
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.services import StatusRefused, company_archive, company_suspend
from tests.support.factories import PSKOV_HOST, make_account, make_charge
from tests.support.payments import make_paid, make_payment, make_refund
from tests.support.provider import shop_open

WHO = {"actor": "central", "address": "192.0.2.1"}


def autopay(account: PersonalAccount, state: str = "on") -> AutoPayment:
    return AutoPayment.objects.create(
        subscriber_id=uuid.uuid4(),
        link_id=uuid.uuid4(),
        account=account,
        limit="1000.00",
        day=5,
        method_id=None if state == "off" else "pm-1",
        state=state,
    )


def refused(company: GasCompany) -> str:
    """Try to archive the company; return what it says."""
    with pytest.raises(StatusRefused) as archived:
        company_archive(company_id=company.pk, **WHO)
    return str(archived.value)


@pytest.mark.parametrize("state", ["created", "pending", "unknown"])
def test_an_open_payment(account: PersonalAccount, pskov: GasCompany, state: str) -> None:
    payment = make_payment(account, state)
    company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    assert "исход которых неизвестен, — 1." in refused(pskov)
    payment.state = "canceled"
    payment.save()
    company_archive(company_id=pskov.pk, **WHO)


@pytest.mark.parametrize("state", ["waiting", "created", "pending", "unknown"])
def test_an_open_refund(account: PersonalAccount, pskov: GasCompany, state: str) -> None:
    make_refund(make_paid(account, "194.39"), state)
    company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    assert "незавершённые возвраты — 1." in refused(pskov)


def test_autopays_are_switched_off_by_a_command(
    account: PersonalAccount, pskov: GasCompany, novgorod: GasCompany, capsys
) -> None:
    """Each that is not off; another company's is its own business."""
    for number, state in enumerate(("starting", "on", "paused", "off")):
        autopay(make_account(f"9{number}"), state)
    with in_company(novgorod):
        autopay(make_account("510080"))
    company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    assert "автоплатежи — 3. Автоплатежи выключает команда manage.py autopays_stop pskov" in (
        refused(pskov)
    )
    call_command("autopays_stop", "pskov")
    assert "Выключено автоплатежей: 3." in capsys.readouterr().out
    assert not AutoPayment.objects.exclude(state="off", method_id=None).exists()
    company_archive(company_id=pskov.pk, **WHO)
    with in_company(novgorod):
        assert AutoPayment.objects.get().state == "on"


def test_a_suspended_company_goes_on_with_what_was_begun(
    account: PersonalAccount,
    pskov: GasCompany,
    link: AccountLink,
    owner_client: Client,
) -> None:
    make_charge(account, account.opened_on.replace(day=1), opening="100.00")
    shop_open()
    payment = make_payment(account, "pending")
    company_suspend(company_id=pskov.pk, reason="Проверка", **WHO)
    assert owner_client.get(f"/payments/{payment.return_key}/").status_code == 200
    stranger = Client(headers={"host": PSKOV_HOST})
    hook = stranger.post(
        "/webhooks/yookassa/",
        {"type": "notification", "event": "payment.succeeded", "object": {"id": "2c8"}},
        content_type="application/json",
        REMOTE_ADDR="185.71.76.1",
    )
    assert hook.status_code == 200
    assert stranger.get("/api/exchange/v1/payments").status_code == 401
    for closed in (f"/cabinet/{link.pk}/payment/", "/guest/payment/", f"/cabinet/{link.pk}/"):
        assert owner_client.get(closed).status_code == 503
