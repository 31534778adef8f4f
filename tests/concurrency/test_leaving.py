"""People leave the portal, their subscriptions or their telephones while a mailing writes to them."""

import pytest
from django.db import connections
from django.utils import timezone

from cabinet.max.invitations import chat_unlink
from cabinet.max.models import MaxChat
from cabinet.notifications import sms_numbers
from cabinet.notifications.models import Notification, SmsNumber
from cabinet.notifications.reading import notifications_read
from cabinet.notifications.ways.choices import ways_save
from cabinet.subscribers.models import PersonJob, Subscriber, UnreadCount
from cabinet.subscribers.personal_data import jobs
from cabinet.subscriptions.mailings import batches
from cabinet.subscriptions.mailings.news import news_mail
from cabinet.subscriptions.models import Mailing, Subscription
from cabinet.subscriptions.services import subscription_cancel
from portal.messaging.models import Message
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.mailings import news_subscriber, now_due, publish_news, work_off
from tests.support.threads import in_threads


@pytest.fixture
def companies(own_db: str, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 3)
    yield list(GasCompany.objects.filter(schema_name__in=["pskov", "novgorod"]))
    connections.close_all()


def test_while_two_mailings_write(companies):
    pskov, novgorod = companies
    with in_company(pskov):
        people = [news_subscriber(f"a-{number}@mail.ru") for number in range(12)]
        publish_news()
        now_due()
    with in_company(novgorod):
        for one in reversed(people):
            Subscription.objects.create(subscriber_id=one.pk, kind="news")
        publish_news()
        now_due()
    for company in companies:
        with in_company(company):
            for one in people:
                SmsNumber.objects.create(
                    subscriber_id=one.pk, number="+79110000007", confirmed_at=timezone.now()
                )
                MaxChat.objects.create(subscriber_id=one.pk, user_id=7, name="Елена")
    leaving, silent, reading = people[::3], people[1::3], people[2::3]
    for one in leaving:
        PersonJob.objects.create(
            kind="deletion", state="waiting", reason="asked", person=one.pk, company=pskov
        )

    def telling(company):
        def work():
            with in_company(company):
                news_mail(Mailing.objects.get().pk)

        return work

    def deleting():
        for job in PersonJob.objects.all():
            jobs.person_job_run(job_id=job.pk)

    def silencing(company):
        def work():
            with in_company(company):
                for one in silent:
                    ways_save(one.pk, {("news_published", "max"): False})
                    chat_unlink(subscriber=one)
                    for row in Subscription.objects.filter(subscriber_id=one.pk):
                        subscription_cancel(row.pk)
                    for number in sms_numbers.numbers_of(one.pk):
                        sms_numbers.number_remove(subscriber=one, number_id=number.pk)

        return work

    def looking(company):
        def work():
            with in_company(company):
                for _ in range(3):
                    for one in reading:
                        notifications_read(one.pk)

        return work

    errors = in_threads(
        *map(telling, companies),
        deleting,
        *map(silencing, companies),
        *map(looking, companies),
    )
    assert errors == []
    PersonJob.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    deleting()
    assert not Subscriber.objects.filter(pk__in=[one.pk for one in leaving]).exists()
    for company in companies:
        with in_company(company):
            work_off()
            work_off()
            assert Mailing.objects.get().state == "done"
            gone = [one.pk for one in leaving]
            for model, column in (
                (Notification, "subscriber_id"),
                (Subscription, "subscriber_id"),
                (Message, "person"),
            ):
                assert not model.objects.filter(**{f"{column}__in": gone}).exists()
            assert not Message.objects.filter(person__in=[one.pk for one in silent]).exists()
            for one in silent + reading:
                rows = Notification.objects.filter(subscriber_id=one.pk)
                unread = rows.filter(read_at=None).count()
                counts = UnreadCount.objects.filter(subscriber=one, company=company)
                assert sum(counts.values_list("count", flat=True)) == unread
                assert rows.count() == 1 or one in silent
