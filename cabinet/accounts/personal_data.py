"""What is stored about a person's accounts: the links. The accounts themselves are the company's."""

from django.utils.translation import gettext_lazy as _

from cabinet.accounts.proofs import proof_label
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part

PARTS = [
    Part(
        code="accounts",
        title=_("Привязанные лицевые счета"),
        model=AccountLink,
        person="subscriber_id",
        columns={
            "company": Column(_("Компания"), "company.name"),
            "account_number": Column(_("Лицевой счёт")),
            "region": Column(_("Регион")),
            "label": Column(_("Название")),
            "place": Column(_("Адрес")),
            "proof": Column(_("Как подтверждён"), lambda link: proof_label(link.proof)),
            "created_at": Column(_("Дата привязки")),
        },
        on_deletion=OnDeletion.DELETE,
        stays=_(
            "Лицевые счета, начисления и платежи остаются в газовой компании или фонде: это "
            "документы по договору, их хранят по закону о бухгалтерском учёте не меньше пяти лет."
        ),
        in_public=True,
        order=20,
    )
]
