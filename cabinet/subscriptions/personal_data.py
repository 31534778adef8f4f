"""Subscriptions in the copy of a person's data; they go with the person, and with the link."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part
from cabinet.subscriptions.models import Subscription
from portal.messaging.models import Message
from portal.messaging.services import messages_drop


@dataclass(frozen=True)
class SubscriptionPart(Part):
    """Subscriptions; with the account goes what was written by them and nobody has begun to send."""

    def unlink(self, link: AccountLink) -> None:
        super().unlink(link)
        written = Message.objects.filter(
            person=link.subscriber_id,
            account_number=link.account_number,
            subscription__isnull=False,
        )
        messages_drop(written)


PARTS = [
    SubscriptionPart(
        code="subscriptions",
        title=_("Подписки"),
        model=Subscription,
        person="subscriber_id",
        columns={
            "kind": Column(_("Что присылать")),
            "by_mail": Column(_("По электронной почте")),
            "bills_as": Column(_("Как приходят квитанции"), "bills_come"),
            "account_number": Column(_("Лицевой счёт"), "account.account_number"),
            "created_at": Column(_("Оформлена")),
        },
        on_deletion=OnDeletion.DELETE,
        account="account__account_number",
        order=60,
    )
]
