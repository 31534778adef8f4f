"""Delegates: who is let in to an account, how far, until when; through HTTP."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.subscribers.models import Delegation, Subscriber
from portal.messaging.models import Message
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    make_subscriber,
    text_of,
)
from tests.support.linking import RIGHT
from tests.support.readings import sent

SERIAL = RIGHT["serial_number"]

# What a delegate gets besides 404: the sections, by name of the address. Every other page is the holder's.
OPEN_TO_READ = {"", "readings/", "readings/history.csv", "readings/history.xlsx", "sum-due/"}
OPEN_TO_SEND = OPEN_TO_READ | {"readings/draft/"}


@pytest.fixture
def helper(pskov) -> Subscriber:
    person = make_subscriber("helper@mail.ru")
    agree(person, pskov)
    return person


@pytest.fixture
def helper_client(helper) -> Client:
    return logged_in(helper, PSKOV_HOST)


def kinds() -> list[str]:
    """The kinds of messages written so far, in order."""
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


def invitation_address() -> str:
    text = Message.objects.filter(kind="delegate_invitation").latest("created_at").text
    found = re.search(r"/cabinet/delegations/[\w-]+/", text)
    assert found, text
    return found[0]


def form(contact: str = "helper@mail.ru", **more: str) -> dict[str, str]:
    day = timezone.localdate() + datetime.timedelta(days=30)
    return {"email": contact, "right": "send", "ends_on": day.isoformat(), **more}


# --- from the invitation to the end ------------------------------------------------------------------


def test_invited_accepted_used_ended(owner_client, link, account, helper, helper_client, pskov):
    """Step by step as people do it, with all letters and the log that the holder reads."""
    pages = f"/cabinet/{link.pk}/delegates/"
    asked = owner_client.post(f"{pages}invite/", form(), follow=True)
    assert "Приглашение отправлено: helper@mail.ru" in text_of(asked)
    address = invitation_address()
    offered = text_of(helper_client.get(address))
    assert "o…@mail.ru" in offered and "Нина Егоровна К." not in offered
    assert account.masked_name in offered and account.account_number not in offered
    accepted = helper_client.post(address, follow=True)
    own = helper.account_links.get()
    assert accepted.redirect_chain[-1][0] == f"/cabinet/{own.pk}/"
    assert account.account_number in text_of(accepted)
    helper_client.post(f"/cabinet/{own.pk}/readings/", sent(account.meters.get(), 1905))
    log = text_of(owner_client.get(pages))
    for said in ("приглашение отправлено", "приглашение принято", "открывал", "передал показания"):
        assert said in log
    given = Delegation.objects.get()
    owner_client.post(f"{pages}{given.pk}/end/")
    assert helper_client.get(f"/cabinet/{own.pk}/").status_code == 404
    assert not helper.account_links.exists()
    assert "доступ закрыт владельцем" in text_of(owner_client.get(pages))
    assert kinds() == [
        "delegate_invitation",
        "delegate_accepted",
        "readings_received",
        "readings_sent_by_other",
        "delegate_ended",
        "delegate_ended",
    ]
    assert text_of(helper_client.get(address)).count("больше не действует") == 1
