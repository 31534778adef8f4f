"""What every payment begins with: the company's requisites, and a form that was sent."""

import uuid
from decimal import Decimal
from typing import Any

from wagtail.models import Site

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.lifecycle.starting import payment_start
from cabinet.payments.models import Payment
from cms_pages.models import CompanyRequisites


def requisites_set() -> None:
    """Set whom payments go to, in the schema that is entered."""
    CompanyRequisites.objects.update_or_create(
        site=Site.objects.get(is_default_site=True),
        defaults={
            "legal_name": "ООО «Псковгаз»",
            "inn": "6027012345",
            "kpp": "602701001",
            "bank_name": "Псковский банк",
            "bic": "045805602",
            "settlement_account": "40702810551000012345",
            "correspondent_account": "30101810300000000602",
        },
    )


def started(account: PersonalAccount, principal: str = "194.32", **fields: Any) -> Payment:
    """Return a payment as the form commits it, not sent yet."""
    values: dict[str, Any] = {
        "account": account,
        "principal": Decimal(principal),
        "penalty": Decimal("0.07"),
        "method": Payment.Method.CARD,
        "channel": Payment.Channel.CABINET,
        "form_key": uuid.uuid4(),
    }
    return payment_start(**values | fields)
