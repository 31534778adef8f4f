from collections.abc import Callable

import pytest

from cabinet.notifications.models import Notification
from cabinet.notifications.services import Notice, notify
from cabinet.notifications.wordings.services import wording_save
from cabinet.subscribers.models import UnreadCount
from portal.messaging.models import MessageTemplate
from portal.messaging.wording import WORDINGS
from tenants.schemas import in_company
from tests.cabinet.notifications.wording import TYPED
from tests.support.factories import staff_client


@pytest.fixture
def tell(owner, pskov) -> Callable[..., None]:
    """Tell the owner of something by the bell of the company whose schema is entered."""

    def work(title: str = "Показания приняты", **fields) -> None:
        notify(
            Notice(
                **{
                    "subscriber": owner,
                    "kind": "readings_received",
                    "title": title,
                    "path": "/cabinet/",
                    "only_bell": True,
                    **fields,
                }
            )
        )

    return work


def unread(person, company) -> int:
    """The count in public; what the schema itself says must be the same."""
    count = sum(
        UnreadCount.objects.filter(subscriber=person, company=company).values_list(
            "count", flat=True
        )
    )
    with in_company(company):
        rows = Notification.objects.filter(subscriber_id=person.pk, read_at=None).count()
    assert rows == count
    return count


@pytest.fixture
def desk(editor):
    return staff_client(editor)


@pytest.fixture
def save(editor):
    """Save a version of the reminder's text in Pskov."""

    def saved(**texts) -> MessageTemplate:
        newest = MessageTemplate.objects.filter(kind="readings_reminder").order_by("version").last()
        typed = {name: TYPED[name] for name in ("subject", "text", "short_text")} | texts
        return wording_save(
            wording=WORDINGS["readings_reminder"],
            author=editor,
            since=newest.version if newest else 0,
            **typed,
        )

    return saved
