"""A browser's notifications go with the login there."""

from django.utils import timezone

from cabinet.notifications.models import PushSubscription
from cabinet.notifications.push import services
from cabinet.notifications.push.selectors import push_recipients
from cabinet.notifications.push.services import push_forget
from cabinet.subscribers.models import SubscriberSession
from portal.messaging.models import Message
from portal.messaging.sending import message_deliver
from tests.cabinet.notifications.push.conftest import PAGE
from tests.cabinet.notifications.push.test_push import REFUND
from tests.support.factories import NOVGOROD_HOST, PASSWORD, PSKOV_HOST, logged_in

LOGIN, LOGOUT = "/cabinet/login/", "/cabinet/logout/"


def log_in(client, person) -> None:
    answer = client.post(LOGIN, {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 302


def test_it_ends_with_the_logout_and_does_not_come_back(
    owner, owner_client, subscribe, service, tell
):
    row = subscribe(owner_client, service.browser())
    tell("Возвращено 2 ₽", **REFUND)
    owner_client.post(LOGOUT)
    # Neither what was written before, nor what happens later.
    one = Message.objects.get(channel="push")
    assert not message_deliver(one.pk) and service.taken == []
    tell("Возвращено 3 ₽", **REFUND)
    assert Message.objects.filter(channel="push").count() == 1
    log_in(owner_client, owner)
    assert "Где включены" not in owner_client.get(PAGE).content.decode()
    assert not PushSubscription.objects.filter(pk=row.pk).exists()


def test_it_ends_with_a_login_that_was_ended_elsewhere(
    owner, owner_client, subscribe, service, novgorod
):
    subscribe(owner_client, service.browser())
    elsewhere = logged_in(owner, NOVGOROD_HOST)
    assert push_recipients({owner.pk})
    elsewhere.post("/cabinet/settings/sessions/others/end/")
    assert not push_recipients({owner.pk})
    assert push_forget() == 1 and push_forget() == 0


def test_it_goes_on_after_a_login_that_has_expired(owner, owner_client, subscribe, service):
    row = subscribe(owner_client, service.browser())
    SubscriberSession.objects.update(expires_at=timezone.now())
    assert push_recipients({owner.pk}) and push_forget() == 0
    log_in(owner_client, owner)
    assert "data-on" in owner_client.get(PAGE).content.decode()
    old = row.session_id
    row.refresh_from_db()
    assert row.session_id != old
    # Entering anew without having left is the same browser still.
    log_in(owner_client, owner)
    assert push_recipients({owner.pk}) == {owner.pk: [str(row.pk)]}
    owner_client.post(LOGOUT)
    assert not push_recipients({owner.pk})


def test_who_logs_in_next_does_not_see_the_last_ones(
    owner, owner_client, stranger, subscribe, service, tell
):
    subscribe(owner_client, service.browser())
    log_in(owner_client, stranger)
    assert not PushSubscription.objects.exists()
    # The same browser is the stranger's now, and nobody else's.
    subscribe(owner_client, service.browser())
    assert push_recipients({owner.pk, stranger.pk}).keys() == {stranger.pk}
    subscribe(logged_in(owner, PSKOV_HOST), service.browser())
    assert push_recipients({owner.pk, stranger.pk}).keys() == {owner.pk}


def test_the_oldest_makes_room(owner, subscribe, service, monkeypatch, pskov):
    monkeypatch.setattr(services, "MOST", 2)
    rows = [subscribe(logged_in(owner, PSKOV_HOST), service.browser(str(n))) for n in range(3)]
    left = set(PushSubscription.objects.values_list("pk", flat=True))
    assert left == {one.pk for one in rows[1:]}
