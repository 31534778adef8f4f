"""How long notifications are kept, and what becomes of them with their person."""

import datetime
import json

from django.utils import timezone

from cabinet.notifications.models import MailAddress, Notification, SmsNumber
from cabinet.notifications.tasks import notifications_forget
from cabinet.subscribers.models import NotificationWay, PersonJob, UnreadCount
from cabinet.subscribers.personal_data.parts import PARTS
from tenants.schemas import in_company
from tests.cabinet.notifications.conftest import unread
from tests.cabinet.subscribers.personal_data.conftest import now_due, work
from tests.support.factories import PASSWORD, make_account


def test_a_year(owner, pskov, tell):
    for title in ("старое", "старое и прочитанное", "новое"):
        tell(title)
    year = timezone.now() - datetime.timedelta(days=366)
    Notification.objects.exclude(title="новое").update(created_at=year)
    Notification.objects.filter(title="старое и прочитанное").update(read_at=year)
    UnreadCount.objects.update(count=2)
    notifications_forget()
    assert [one.title for one in Notification.objects.all()] == ["новое"]
    assert unread(owner, pskov) == 1


def test_the_copy_has_them(owner, pskov, account, tell):
    tell("Показания приняты", account=account)
    SmsNumber.objects.create(subscriber_id=owner.pk, number="+79110000007")
    MailAddress.objects.create(subscriber_id=owner.pk, address="bills@mail.ru")
    NotificationWay.objects.create(subscriber=owner, kind="bill_ready", channel="sms", is_on=True)
    codes = ("notifications", "sms_numbers", "mail_addresses", "notification_ways")
    found = json.dumps([PARTS[code].export(owner.pk) for code in codes], ensure_ascii=False)
    for value in ("805107", "+79110000007", "bills@mail.ru", "Новая квитанция"):
        assert value in found


def test_they_go_with_the_person(owner, owner_client, stranger, pskov, novgorod, tell):
    tell("Личное")
    tell("Чужое", subscriber=stranger)
    SmsNumber.objects.create(subscriber_id=owner.pk, number="+79110000007")
    MailAddress.objects.create(subscriber_id=owner.pk, address="bills@mail.ru")
    with in_company(novgorod):
        make_account("510080")
        tell("Новгородское")
    owner_client.post("/cabinet/settings/deletion/", {"current_password": PASSWORD})
    work(now_due(PersonJob.objects.get(kind="deletion")))
    assert [one.title for one in Notification.objects.all()] == ["Чужое"]
    assert not SmsNumber.objects.exists() and not MailAddress.objects.exists()
    with in_company(novgorod):
        assert not Notification.objects.exists()
    assert not UnreadCount.objects.filter(subscriber_id=owner.pk).exists()
    assert unread(stranger, pskov) == 1
