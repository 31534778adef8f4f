"""What a comparison has found, and its way into the table of differences: found again, closed, opened."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cabinet.payments.models import Difference, Payment, Reconciliation, Refund

Kind = Difference.Kind
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Found by comparing with the provider, and with billing.
OF_PROVIDER = (Kind.NOT_HERE, Kind.NOT_THERE, Kind.OTHER_SUM, Kind.OTHER_STATE)
OF_BILLING = (
    Kind.NOT_IN_BILLING,
    Kind.BILLING_OTHER_SUM,
    Kind.BILLING_OTHER_ACCOUNT,
    Kind.BILLING_ONLY,
)


@dataclass(frozen=True)
class Found:
    """A difference: `about` names the thing, the same in every run. Sums are ₽."""

    kind: Kind
    about: str
    payment: Payment | None = None
    refund: Refund | None = None
    provider_id: str = ""
    billing_id: str = ""
    ours: Decimal | None = None
    theirs: Decimal | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}"


@transaction.atomic
def findings_save(
    run: Reconciliation, found: Iterable[Found], compared: Iterable[Kind]
) -> list[Difference]:
    """Write what was found, and close what is open of the `compared` kinds and was not found any more.

    The caller has compared everything that is open. What a cashier has closed stays closed while it is the
    same. Return the differences that are open now.
    """
    by_key = {one.key: one for one in found}
    known = {
        one.key: one
        for one in Difference.objects.select_for_update().filter(key__in=by_key).order_by("pk")
    }
    for key, one in by_key.items():
        _write(run, known.get(key), one)
    gone = Difference.objects.filter(kind__in=compared, closed_at=None).exclude(key__in=by_key)
    gone.update(closed_at=timezone.now(), closed_by="", note="")
    return list(Difference.objects.filter(closed_at=None))


def _write(run: Reconciliation, known: Difference | None, found: Found) -> None:
    now = timezone.now()
    if known is None:
        known = Difference(key=found.key, kind=found.kind, reconciliation=run)
    elif known.closed_at and (not known.closed_by or not _is_same(known, found)):
        known.reconciliation, known.created_at = run, now
        known.closed_at, known.closed_by, known.note = None, "", ""
    known.payment, known.refund = found.payment, found.refund
    known.provider_id, known.billing_id = found.provider_id, found.billing_id
    known.ours, known.theirs, known.facts = found.ours, found.theirs, found.facts
    known.seen_at = now
    known.save()


def _is_same(known: Difference, found: Found) -> bool:
    return (known.ours, known.theirs, known.facts) == (found.ours, found.theirs, found.facts)
