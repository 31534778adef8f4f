"""What is kept of a person about their accounts: the links. The accounts themselves are the company's."""

from uuid import UUID

from django.utils.translation import gettext as _

from cabinet.accounts.proofs import proof_label
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.registry import Part, Row, part_register
from portal.formats.dates import short_moment


def _links(person: UUID) -> list[Row]:
    links = AccountLink.objects.filter(subscriber=person).select_related("company")
    return [
        {
            "company": link.company.name,
            "account_number": link.account_number,
            "region": link.region,
            "label": link.label,
            "proof": proof_label(link.proof),
            "created_at": short_moment(link.created_at),
        }
        for link in links.order_by("created_at")
    ]


def _links_delete(person: UUID) -> None:
    AccountLink.objects.filter(subscriber=person).delete()


def account_part_register() -> None:
    part_register(
        Part(
            code="accounts",
            title=_("Привязанные лицевые счета"),
            columns={
                "company": _("Компания"),
                "account_number": _("Лицевой счёт"),
                "region": _("Регион"),
                "label": _("Название"),
                "proof": _("Как подтверждён"),
                "created_at": _("Дата привязки"),
            },
            export=_links,
            delete=_links_delete,
            stays=_(
                "Лицевые счета, начисления и платежи остаются в газовой компании или фонде: это "
                "документы по договору, их хранят по закону о бухгалтерском учёте не меньше пяти лет."
            ),
            in_public=True,
            order=20,
        )
    )
