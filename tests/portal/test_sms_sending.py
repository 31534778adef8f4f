"""An SMS by the gateway: once at most, and what became of it is asked for."""

import datetime
import os
import socket

import pytest
from django.db import connection as any_connection
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from portal.connection import connection
from portal.messaging.contrib.smsaero import client
from portal.messaging.events import message_refused
from portal.messaging.models import Message, MessageSettings
from portal.messaging.sending import message_deliver
from portal.messaging.services import message_send
from portal.messaging.tasks import messages_sweep, sms_states_ask
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.jobs import enqueued, swept
from tests.support.processes import die_before, forked
from tests.support.sms_gateway import KEY, sms_gateway

PHONE = "+79110000000"
CODE = "482 913"


@pytest.fixture
def gateway(settings, monkeypatch, tmp_path):
    with sms_gateway(settings, monkeypatch, tmp_path) as gateway:
        yield gateway


def written(phone: str = PHONE, code: str = CODE) -> Message:
    with enqueued():
        return message_send(
            kind="phone_code",
            recipient=phone,
            channel="sms",
            context={"company_name": "Газ", "code": code, "minutes": 10},
        )


@pytest.fixture
def sms(pskov) -> Message:
    return written()


def hours_pass(**fields) -> None:
    """Make every SMS due now: to be sent, or asked about."""
    now = timezone.now()
    Message.objects.filter(due_at__isnull=False).update(due_at=now)
    Message.objects.filter(ask_at__isnull=False).update(ask_at=now)
    if fields:
        Message.objects.update(**fields)


def ask(message: Message) -> Message:
    hours_pass()
    sms_states_ask()
    message.refresh_from_db()
    return message


def test_it_is_sent_and_its_delivery_asked_for(gateway, sms):
    assert message_deliver(sms.pk)
    (taken,) = gateway.sms
    assert taken["number"] == "79110000000" and CODE in taken["text"] and taken["from"] == "Gas"
    sms.refresh_from_db()
    assert (sms.state, sms.provider_id, sms.text) == ("sent", "1000", None)
    assert ask(sms).state == "sent"  # still in the gateway's queue
    taken |= {"status": 1, "dateAnswer": int(timezone.now().timestamp())}
    assert ask(sms).state == "delivered" and sms.delivered_at is not None and sms.ask_at is None


def test_the_companys_own_name_is_the_sender(gateway, sms, pskov):
    site = Site.objects.get(is_default_site=True)
    MessageSettings.objects.update_or_create(site=site, defaults={"sms_sender": "GazPskov"})
    message_deliver(sms.pk)
    assert gateway.sms[0]["from"] == "GazPskov"


@pytest.mark.parametrize("status", [2, 6])
def test_what_the_operator_has_not_delivered(gateway, sms, status):
    message_deliver(sms.pk)
    gateway.sms[0]["status"] = status
    assert ask(sms).state == "failed"
    assert sms.get_failure_display() == "оператор связи не доставил" and sms.ask_at is None


def test_an_answer_after_the_time_out_is_one_sms(gateway, sms, monkeypatch):
    """Nobody knows whether it was taken; it is not sent again, and found at the gateway later."""
    monkeypatch.setattr(client, "TIMEOUT", (5, 0.2))
    gateway.may_answer.clear()
    assert not message_deliver(sms.pk)
    gateway.may_answer.set()
    sms.refresh_from_db()
    assert sms.state == "unknown" and CODE not in sms.provider_id
    hours_pass()
    swept(messages_sweep)
    assert len(gateway.sms) == 1
    monkeypatch.setattr(client, "TIMEOUT", (5, 20))
    gateway.sms[0]["status"] = 1
    assert ask(sms).state == "delivered" and sms.provider_id == "1000"


def test_a_gateway_that_has_gone_silent_takes_one_only(gateway, sms):
    """The others wait until it answers again, instead of being lost one by one."""
    other = written("+79110000001")
    gateway.drops = gateway.is_down = True
    message_deliver(sms.pk)
    assert not message_deliver(other.pk)
    other.refresh_from_db()
    assert (other.state, other.handed_at, len(gateway.sms)) == ("pending", None, 1)
    gateway.drops = gateway.is_down = False
    hours_pass()
    assert message_deliver(other.pk) and len(gateway.sms) == 2


@pytest.mark.parametrize("case", ["another text", "another day", "twice", "taken by nobody"])
def test_one_that_cannot_be_told_stays_unknown(gateway, sms, case):
    gateway.drops = True
    message_deliver(sms.pk)
    (taken,) = gateway.sms
    if case == "another text":
        taken["text"] = taken["text"].replace(CODE, "000 000")
    if case == "another day":
        taken["dateCreate"] -= 86_400
    if case == "twice":
        gateway.sms.append(taken | {"id": 7})
    if case == "taken by nobody":
        gateway.sms.clear()
    assert ask(sms).state == "unknown"
    assert sms.ask_at > timezone.now()


def test_a_gateway_that_is_not_reached_gets_it_later(gateway, sms, settings):
    here = settings.SMSAERO_URL
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.SMSAERO_URL = f"https://127.0.0.1:{free.getsockname()[1]}/v2"
    assert not message_deliver(sms.pk)
    sms.refresh_from_db()
    assert sms.state == "pending" and sms.handed_at is None
    settings.SMSAERO_URL = here
    hours_pass()
    assert message_deliver(sms.pk) and len(gateway.sms) == 1


def test_no_money_is_tried_again(gateway, sms):
    gateway.answer = (402, {"success": False, "message": "Not enough money", "data": None})
    assert not message_deliver(sms.pk)
    sms.refresh_from_db()
    assert sms.state == "pending" and sms.handed_at is None
    gateway.answer = None
    hours_pass()
    assert message_deliver(sms.pk) and len(gateway.sms) == 1


def test_a_number_that_does_not_exist(gateway, sms):
    heard = []

    def hear(message, **kwargs):
        heard.append(message.failure)

    message_refused.connect(hear)
    wrong = {"success": False, "message": "Validation error.", "data": {"number": ["wrong"]}}
    gateway.answer = (400, wrong)
    try:
        assert not message_deliver(sms.pk)
    finally:
        message_refused.disconnect(hear)
    sms.refresh_from_db()
    assert (sms.state, sms.failure, heard) == ("failed", "no_such", ["no_such"])
    hours_pass()
    swept(messages_sweep)
    assert len(gateway.asked) == 1


def test_asking_ends_after_two_days(gateway, sms):
    message_deliver(sms.pk)
    hours_pass(handed_at=timezone.now() - datetime.timedelta(days=3))
    sms_states_ask()
    sms.refresh_from_db()
    assert (sms.state, sms.ask_at) == ("sent", None)


def test_a_gateway_that_is_down_is_not_asked_about_all(gateway, pskov):
    for number in range(3):
        message_deliver(written(f"+7911000000{number}").pk)
    gateway.is_down = True
    hours_pass()
    sms_states_ask()
    assert len(gateway.asked) == 3 + 1
    gateway.is_down = False
    gateway.sms[1]["status"] = gateway.sms[2]["status"] = 1
    hours_pass()
    sms_states_ask()
    states = Message.objects.order_by("provider_id").values_list("state", flat=True)
    assert list(states) == ["sent", "delivered", "delivered"]


def test_nothing_due_is_one_query(gateway, sms):
    message_deliver(sms.pk)
    with CaptureQueriesContext(any_connection) as caught:
        sms_states_ask()
    assert len(caught) == 1 and len(gateway.asked) == 1


def test_neither_key_nor_code_nor_number_is_logged(gateway, sms, capfd, caplog):
    gateway.drops = True
    message_deliver(sms.pk)
    gateway.is_down = True
    ask(sms)
    sms.refresh_from_db()
    said = caplog.text + "".join(capfd.readouterr()) + sms.error
    assert "unknown" in said.lower() or "nobody knows" in said
    for secret in (KEY, CODE, "9110000000"):
        assert secret not in said


def test_a_worker_killed_at_any_statement(own_db, gateway):
    """No SMS twice; after the worker had told us that it hands it over, it stays unknown."""
    company = GasCompany.objects.get(schema_name="pskov")
    states = set()
    for number in range(1, 60):
        gateway.sms.clear()
        with in_company(company):
            message = written()
        connections.close_all()

        def work(message=message, number=number) -> None:
            with in_company(company), connection.execute_wrapper(die_before(number)):
                message_deliver(message.pk)

        killed = os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1]) != 0
        with in_company(company):
            hours_pass()
            swept(messages_sweep)
            message.refresh_from_db()
        assert len(gateway.sms) <= 1, number
        if message.state == "sent":
            assert len(gateway.sms) == 1, number
        states.add((message.state, len(gateway.sms)))
        if not killed:
            break
    else:
        raise AssertionError("never came to its end")
    # Killed before the hand-over, and sent by the next; killed after it, before the answer was written.
    assert states >= {("sent", 1), ("unknown", 1)}
