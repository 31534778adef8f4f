"""That a person wants receipts by e-mail. It goes with the person, and with the link."""

from uuid import UUID

from django.utils.translation import gettext as _

from cabinet.mailings.models import ReceiptSubscription
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.registry import Part, Row, part_register
from portal.formats.dates import short_moment


def _wishes(person: UUID) -> list[Row]:
    wishes = ReceiptSubscription.objects.filter(subscriber_id=person).select_related("account")
    return [
        {"account_number": wish.account.account_number, "created_at": short_moment(wish.created_at)}
        for wish in wishes.order_by("created_at")
    ]


def _delete(person: UUID) -> None:
    ReceiptSubscription.objects.filter(subscriber_id=person).delete()


def _unlink(link: AccountLink) -> None:
    ReceiptSubscription.objects.filter(
        subscriber_id=link.subscriber_id, account__account_number=link.account_number
    ).delete()


def mailing_part_register() -> None:
    part_register(
        Part(
            code="receipt_subscriptions",
            title=_("Подписка на квитанции по электронной почте"),
            columns={"account_number": _("Лицевой счёт"), "created_at": _("Оформлена")},
            export=_wishes,
            delete=_delete,
            unlink=_unlink,
            order=61,
        )
    )
