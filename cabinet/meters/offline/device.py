"""What a device may know without signal: enough to type a reading, nothing that proves an identity.

No name, no address, no sums; of the account the last four signs, of a meter those that guests see.
"""

import hashlib
import json
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess
from cabinet.meters.models import Meter
from cabinet.meters.readings.rules import hourly_limit, monthly_limit, too_many_digits
from cabinet.meters.serial_numbers import masked_numbers
from cabinet.meters.snapshot import MeterSnapshot
from cms_pages.selectors import company_phone
from portal.formats.dates import short_day


def owner_marker(subscriber_id: UUID) -> str:
    """Return the mark that tells one person's drafts from another's.

    A hash without the secret key: a new key must not orphan drafts.
    """
    return hashlib.sha256(f"cabinet.meters.offline {subscriber_id}".encode()).hexdigest()[:32]


def device_form(access: AccountAccess, snapshot: MeterSnapshot) -> str:
    """Return JSON of what the form needs without signal; empty where there is nothing to type."""
    if not snapshot.meters:
        return ""
    link = access.link
    masks = masked_numbers(snapshot.meters)  # whoever it is for
    phone = company_phone()
    number = _("Лицевой счёт …%(end)s") % {"end": link.account_number[-4:]}
    return json.dumps(
        {
            "link": str(link.pk),
            "url": reverse("meters:offline_draft", args=[link.pk]),
            "page": reverse("meters:readings", args=[link.pk]),
            "label": f"{link.label}. {number}" if link.label else number,
            "call": phone["number"] if phone else "",
            "meters": [
                {
                    "id": meter.pk,
                    "model": meter.model,
                    "number": masks[meter.pk],
                    "digits": meter.digits,
                    "tooMany": too_many_digits(meter.digits),
                    **_last(snapshot, meter.pk),
                    **_limits(snapshot, meter),
                }
                for meter in snapshot.meters
            ],
        },
        ensure_ascii=False,
    )


def _last(snapshot: MeterSnapshot, meter_pk: int) -> dict[str, str]:
    last = snapshot.newest.get(meter_pk)
    if last and last.is_guests:
        last = snapshot.earlier.get(meter_pk)
    if last is None:
        return {"last": "", "lastOn": ""}
    return {"last": _text(last.value), "lastOn": short_day(last.taken_on)}


def _limits(snapshot: MeterSnapshot, meter: Meter) -> dict[str, str]:
    """Return what a value is judged by without signal; the server judges again.

    `lowest`: what a dial has shown last; `known`, of the day `since`, what consumption is counted from.
    """
    compared = snapshot.compared(meter.pk)
    known, true = compared.known, compared.true
    return {
        "lowest": _text(true.value) if true else "",
        "known": _text(known.value) if known else "",
        "since": known.taken_on.isoformat() if known else "",
        "hourly": _text(hourly_limit(meter, snapshot)) if true else "",
        "usual": _text(monthly_limit(meter, snapshot, known)) if known else "",
    }


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"
