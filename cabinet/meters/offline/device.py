"""What a device may know without signal: enough to type a reading, nothing that proves an identity.

No name, no address, no sums; of the account the last four signs, of a meter those that guests see.
"""

import hashlib
import json
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess
from cabinet.meters.serial_numbers import masked_numbers
from cabinet.meters.snapshot import MeterSnapshot
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
    masks = masked_numbers(snapshot.meters)
    number = _("Лицевой счёт …%(end)s") % {"end": link.account_number[-4:]}
    return json.dumps(
        {
            "link": str(link.pk),
            "url": reverse("meters:offline_draft", args=[link.pk]),
            "page": reverse("meters:readings", args=[link.pk]),
            "label": f"{link.label}. {number}" if link.label else number,
            "meters": [
                {
                    "id": meter.pk,
                    "model": meter.model,
                    "number": masks[meter.pk],
                    "digits": meter.digits,
                    **_last(snapshot, meter.pk),
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
    value = f"{last.value.normalize():f}"
    return {"last": value, "lastOn": short_day(last.taken_on)}
