"""Telling, reading and deleting at once: the count of unread ones stays that of the rows."""

from cabinet.notifications.models import Notification
from cabinet.notifications.reading import notifications_delete, notifications_read
from cabinet.notifications.services import Notice, notify_many
from cabinet.subscribers.models import UnreadCount
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_subscriber
from tests.support.threads import in_threads


def test_the_count_never_drifts(own_db):
    pskov = GasCompany.objects.get(schema_name="pskov")
    people = [make_subscriber(f"{name}@mail.ru") for name in ("anna", "boris")]

    def telling(some):
        def work():
            for _ in range(10):
                with in_company(pskov):
                    notify_many([Notice(one, "security", "Пароль изменён", "") for one in some])

        return work

    def reading():
        for _ in range(10):
            with in_company(pskov):
                for one in people:
                    notifications_read(one.pk)

    def deleting():
        for _ in range(10):
            with in_company(pskov):
                some = list(Notification.objects.values_list("pk", flat=True)[:3])
                notifications_delete(Notification.objects.filter(pk__in=some))

    works = [telling(people), telling(people[::-1]), reading, reading, deleting]
    assert in_threads(*works) == []
    with in_company(pskov):
        for one in people:
            rows = Notification.objects.filter(subscriber_id=one.pk, read_at=None).count()
            assert UnreadCount.objects.get(subscriber=one, company=pskov).count == rows
