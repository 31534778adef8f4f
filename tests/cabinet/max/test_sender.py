"""What MAX answers, and what becomes of the message: never twice, never a code."""

import logging
import socket
import threading

import pytest

from cabinet.max import client
from portal.messaging.models import Message
from portal.messaging.sending import message_deliver
from portal.messaging.services import SecretNotCarried, message_send
from tests.support.max_api import TOKEN

USER = "700123456"
CONTEXT = {"company_name": "Газ", "account_number": "805107", "url": "http://x/y/"}


def message(**fields) -> Message:
    return message_send(
        kind="readings_sent_by_other", recipient=USER, channel="max", context=CONTEXT, **fields
    )


def after(one: Message) -> Message:
    message_deliver(one.pk)
    one.refresh_from_db()
    return one


def test_a_message_goes_to_its_user(bot, api):
    one = message()
    text = one.text
    sent = after(one)
    assert api.written == [(USER, text)] and sent.provider_id == "mid.42" and sent.handed_at
    assert api.asked[0].token == TOKEN
    assert sent.state == "sent"
    assert not message_deliver(one.pk) and len(api.asked) == 1


@pytest.mark.parametrize(
    ("answer", "state", "failure"),
    [
        ((429, {"code": "too.many.requests"}), "pending", ""),
        ((503, b"<html>"), "pending", ""),
        ((401, {"code": "verify.token"}), "pending", ""),
        ((302, {}), "pending", ""),
        ((400, {"code": "proto.payload"}), "failed", "refused"),
        ((403, {"code": "chat.denied"}), "failed", "blocked"),
        ((404, {"code": "not.found"}), "failed", "no_such"),
        ((500, {}), "unknown", ""),
        ((504, b"<html>"), "unknown", ""),
        ((200, None), "unknown", ""),  # taken, and dropped before the answer
        ((200, b"not JSON"), "sent", ""),
    ],
)
def test_what_becomes_of_it(bot, api, answer, state, failure):
    api.answers["POST /messages"] = answer
    one = after(message())
    assert (one.state, one.failure) == (state, failure)
    assert (one.due_at is not None) == (state == "pending")
    assert len(api.asked) == 1


def test_a_max_that_is_down_loses_nothing(bot, settings):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        settings.MAX_API_URL = f"http://127.0.0.1:{probe.getsockname()[1]}"
    assert after(message()).state == "pending"


def test_an_answer_after_the_time_out(bot, api, monkeypatch):
    answered = threading.Event()
    api.meanwhile = answered.wait
    monkeypatch.setattr(client, "_TIMEOUT", (5, 0.2))
    one = after(message())
    answered.set()
    assert one.state == "unknown" and one.due_at is None and len(api.written) == 1


def test_a_company_without_a_bot_waits_for_one(pskov, api):
    one = after(message())
    assert one.state == "pending" and one.error == "no bot" and api.asked == []


def test_neither_token_nor_user_is_logged(bot, api, caplog):
    caplog.set_level(logging.INFO)
    for answer in ((401, {"code": "verify.token"}), (500, {}), (200, None)):
        api.answers["POST /messages"] = answer
        one = after(message())
        assert TOKEN not in one.error and USER not in one.error
    assert TOKEN not in caplog.text and USER not in caplog.text


def test_no_code_is_ever_written(bot, api):
    with pytest.raises(SecretNotCarried):
        message_send(kind="phone_code", recipient=USER, channel="max", context={"code": "482 913"})
    smuggled = message()
    Message.objects.filter(pk=smuggled.pk).update(kind="phone_code")
    assert after(smuggled).state == "failed"
    assert api.asked == []
