"""News by subscription: the first time that a page goes live, to those who asked, once."""

import datetime

import pytest
from django.utils import timezone

from cabinet.notifications.models import Notification
from cabinet.subscribers.models import UnreadCount
from cabinet.subscriptions.mailings import batches
from cabinet.subscriptions.mailings.batches import mailing_continue, mailing_stop, mailing_withdraw
from cabinet.subscriptions.models import Mailing, Subscription
from cms_pages.tasks import publish_scheduled
from portal.messaging.models import Message
from portal.messaging.services import message_render
from tenants.models import GasCompany
from tests.support.mailings import news_subscriber, now_due, publish_news, work_off

DAY = datetime.timedelta(days=1)


@pytest.fixture
def subscribed(pskov, owner):
    Subscription.objects.create(subscriber_id=owner.pk, kind="news")
    return owner


def letters() -> list[Message]:
    found = list(Message.objects.filter(kind="news_published").order_by("created_at", "pk"))
    for message in found:
        message_render(message)
    return found


def test_title_summary_link_and_the_way_out(subscribed, guest, pskov):
    page = publish_news()
    assert work_off() == 1
    (letter,) = letters()
    assert letter.recipient == subscribed.email and "Ремонт газопровода" in letter.subject
    for text in ("Газ отключат на день.", f"{pskov.url}{page.get_url()}"):
        assert text in letter.text and text in letter.html
    (bell,) = Notification.objects.all()
    assert (bell.title, bell.path) == ("Ремонт газопровода", page.get_url())
    assert UnreadCount.objects.get(subscriber=subscribed).count == 1
    off = letter.unsubscribe_url.removeprefix(pskov.url)
    assert guest.get(off).status_code == 200 and Subscription.objects.exists()
    guest.post(off, {"List-Unsubscribe": "One-Click"})
    assert not Subscription.objects.exists()


def test_an_edited_page_is_not_told_again(subscribed):
    page = publish_news()
    work_off()
    page.title = "Ремонт газопровода перенесён"
    page.save_revision().publish()
    page.unpublish()
    page.save_revision().publish()
    work_off()
    assert len(letters()) == 1


def test_old_news_are_an_archive(subscribed):
    publish_news(date=timezone.localdate() - 8 * DAY)
    assert not Mailing.objects.exists()


def test_at_the_editors_hour(subscribed, clock):
    clock.at("2026-11-02T12:00")
    publish_news(date=datetime.date(2026, 11, 3), go_live_at=timezone.now() + DAY)
    assert not Mailing.objects.exists()
    clock.forward(2 * DAY)
    publish_scheduled.apply(headers={"_schema_name": "pskov"}).get()
    assert Mailing.objects.get().title == "Ремонт газопровода"


def test_there_is_time_to_stop_it(subscribed):
    publish_news()
    assert Mailing.objects.get().due_at > timezone.now()
    mailing_stop(Mailing.objects.get().pk)
    work_off()
    assert letters() == []
    mailing_continue(Mailing.objects.get().pk)
    work_off()
    assert len(letters()) == 1 and Mailing.objects.get().state == "done"


def test_a_page_that_was_taken_off_meanwhile(subscribed):
    publish_news().unpublish()
    work_off()
    mailing = Mailing.objects.get()
    assert (mailing.state, mailing.error) == ("failed", "Новости больше нет на сайте.")
    assert letters() == []


def test_who_is_leaving_hears_nothing(subscribed):
    subscribed.deletion_due_at = timezone.now() + DAY
    subscribed.save()
    publish_news()
    work_off()
    assert letters() == [] and not Notification.objects.exists()


def test_a_suspended_companys_mailing_waits(subscribed, pskov):
    publish_news()
    pskov.status = "suspended"
    now_due()
    work_off()
    assert letters() == [] and Mailing.objects.get().state == "waiting"
    pskov.status = "active"
    work_off()
    assert len(letters()) == 1


def test_queries_do_not_grow_with_people(pskov, django_assert_max_num_queries, monkeypatch):
    for number in range(12):
        news_subscriber(f"a-{number}@mail.ru")
    publish_news()
    with django_assert_max_num_queries(45):
        work_off()
    assert len(letters()) == 12


def test_a_long_russian_address_and_title(subscribed):
    """Each letter of the address takes six signs."""
    page = publish_news("Отключение " * 23, slug="отключение-газа-в-связи-с-ремонтом-" * 5)
    work_off()
    assert Mailing.objects.get().state == "done" and len(letters()) == 1
    assert Notification.objects.get().path == page.get_url()


def test_a_company_suspended_meanwhile_is_waited_for(pskov, monkeypatch):
    """Before the second batch."""
    monkeypatch.setattr(batches, "BATCH", 1)
    for name in ("anna", "boris"):
        news_subscriber(f"{name}@mail.ru")
    publish_news()
    companies = GasCompany.objects.filter(pk=pskov.pk)
    told = batches.notify_many

    def suspend(notices):
        companies.update(status="suspended")
        return told(notices)

    monkeypatch.setattr(batches, "notify_many", suspend)
    work_off()
    assert len(letters()) == 1 and Mailing.objects.get().state == "running"
    work_off()
    assert len(letters()) == 1
    monkeypatch.setattr(batches, "notify_many", told)
    companies.update(status="active")
    work_off()
    assert {one.recipient for one in letters()} == {"anna@mail.ru", "boris@mail.ru"}
    assert len(letters()) == 2 and Mailing.objects.get().state == "done"


def test_what_waits_is_withdrawn_a_batch_at_a_time(
    pskov, monkeypatch, django_assert_max_num_queries
):
    for number in range(7):
        news_subscriber(f"a-{number}@mail.ru")
    publish_news()
    work_off()
    first = Message.objects.first()
    Message.objects.filter(pk=first.pk).update(claimed_at=timezone.now())
    monkeypatch.setattr("portal.messaging.services._DROP_BATCH", 3)
    with django_assert_max_num_queries(20):
        assert mailing_withdraw(Mailing.objects.get().pk) == 6
    assert Message.objects.get() == first
