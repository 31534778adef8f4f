from collections.abc import Callable

import pytest

from cabinet.notifications.models import Notification
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import UnreadCount
from tenants.schemas import in_company


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
