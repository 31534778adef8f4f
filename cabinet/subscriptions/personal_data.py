"""Subscriptions in the copy of a person's data; they go with the person, and with the link."""

from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part
from cabinet.subscriptions.models import Subscription

PARTS = [
    Part(
        code="subscriptions",
        title=_("Подписки"),
        model=Subscription,
        person="subscriber_id",
        columns={
            "kind": Column(_("Что присылать")),
            "by_mail": Column(_("По электронной почте")),
            "account_number": Column(_("Лицевой счёт"), "account.account_number"),
            "created_at": Column(_("Оформлена")),
        },
        on_deletion=OnDeletion.DELETE,
        account="account__account_number",
        order=60,
    )
]
