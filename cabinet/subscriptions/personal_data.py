"""Subscriptions in the copy of a person's data; they go with the person, and with the link."""

from uuid import UUID

from django.utils.translation import gettext as _

from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.registry import Part, Row, part_register
from cabinet.subscriptions.models import Subscription
from portal.formats.dates import short_moment


def _rows(person: UUID) -> list[Row]:
    subscriptions = Subscription.objects.filter(subscriber_id=person).select_related("account")
    return [
        {
            "kind": one.get_kind_display(),
            "account_number": one.account.account_number,
            "created_at": short_moment(one.created_at),
        }
        for one in subscriptions.order_by("created_at")
    ]


def _delete(person: UUID) -> None:
    Subscription.objects.filter(subscriber_id=person).delete()


def _unlink(link: AccountLink) -> None:
    Subscription.objects.filter(
        subscriber_id=link.subscriber_id, account__account_number=link.account_number
    ).delete()


def subscription_part_register() -> None:
    part_register(
        Part(
            code="subscriptions",
            title=_("Подписки"),
            columns={
                "kind": _("Что присылать"),
                "account_number": _("Лицевой счёт"),
                "created_at": _("Оформлена"),
            },
            export=_rows,
            delete=_delete,
            unlink=_unlink,
            order=60,
        )
    )
