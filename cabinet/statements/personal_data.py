"""Certificates in the copy of a person's data: they go with the person, and papers with the account."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cabinet.statements.certificates.services import certificates_release
from cabinet.statements.models import Certificate
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part


@dataclass(frozen=True)
class CertificatePart(Part):
    """Certificates; without the account there is no paper, but a third party can still check it."""

    def unlink(self, link: AccountLink) -> None:
        certificates_release(
            Certificate.objects.filter(
                subscriber_id=link.subscriber_id, account__account_number=link.account_number
            )
        )


PARTS = [
    CertificatePart(
        code="certificates",
        title=_("Справки по лицевым счетам"),
        model=Certificate,
        person="subscriber_id",
        columns={
            "number": Column(_("Номер")),
            "account_number": Column(_("Лицевой счёт"), "account.account_number"),
            "issued_at": Column(_("Выдана")),
            "expires_at": Column(_("Проверить можно до")),
            "code": Column(_("Код проверки")),
        },
        ordering="issued_at",
        on_deletion=OnDeletion.DELETE,
        order=40,
    )
]
