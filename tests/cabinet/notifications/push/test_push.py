"""Notifications of browsers: from the page's subscription to what the browser reads."""

from cabinet.notifications.push.keys import public_key
from portal.messaging.models import Message
from portal.messaging.sending import message_deliver
from tests.cabinet.notifications.push.conftest import PAGE
from tests.support.factories import text_of


def waiting() -> Message:
    return Message.objects.get(channel="push")


def after(one: Message) -> Message:
    message_deliver(one.pk)
    one.refresh_from_db()
    return one


def test_what_has_happened_is_read_by_the_browser_alone(
    owner, owner_client, subscribe, service, tell, pskov
):
    page = owner_client.get(PAGE)
    assert f'data-key="{public_key()}"' in page.content.decode() and "data-on" not in text_of(page)
    browser = service.browser()
    row = subscribe(owner_client, browser)
    tell(
        "Оплачено 1 085,87 ₽",
        kind="payment_refunded",
        only_bell=False,
        path="/cabinet/payments/7/",
        context={"amount": "1 085,87 ₽", "number": 7, "account_number": "805107", "url": "x"},
    )
    one = waiting()
    assert one.recipient == str(row.pk)
    one = after(one)
    assert (one.state, one.text) == ("sent", None) and one.handed_at
    (taken,) = service.taken
    said = browser.read(taken.body)
    assert said == {"title": "Платёж возвращён", "path": "/cabinet/payments/7/"}
    assert taken.headers["ttl"] == "259200" and taken.headers["content-encoding"] == "aes128gcm"
    assert taken.claims["aud"] == service.url and taken.claims["sub"] == "https://gas.localhost"
    assert not message_deliver(one.pk) and len(service.taken) == 1
