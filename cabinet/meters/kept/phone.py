"""What a telephone may know without signal: enough to type a reading, nothing that proves who one is.

No name, no address, no sums; of the account and of a meter the last four signs, as guests see them.
"""

import hashlib
import json
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess
from cabinet.meters.facts import MeterFacts
from portal.formats.dates import short_day


def phone_marker(subscriber_id: UUID) -> str:
    """Tells one person's readings from another's. Without a key: a new key must not orphan what is kept."""
    return hashlib.sha256(f"cabinet.meters.kept {subscriber_id}".encode()).hexdigest()[:32]


def phone_form(access: AccountAccess, facts: MeterFacts) -> str:
    """JSON of what the form needs without signal; empty where there is nothing to type."""
    if not facts.meters:
        return ""
    link = access.link
    number = _("Лицевой счёт …%(end)s") % {"end": link.account_number[-4:]}
    return json.dumps(
        {
            "link": str(link.pk),
            "url": reverse("meters:kept", args=[link.pk]),
            "page": reverse("meters:readings", args=[link.pk]),
            "label": f"{link.label}. {number}" if link.label else number,
            "meters": [
                {
                    "id": meter.pk,
                    "model": meter.model,
                    "number": meter.masked_number,
                    "digits": meter.digits,
                    **_last(facts, meter.pk),
                }
                for meter in facts.meters
            ],
        },
        ensure_ascii=False,
    )


def _last(facts: MeterFacts, meter_pk: int) -> dict[str, str]:
    last = facts.newest.get(meter_pk)
    if last is None:
        return {"last": "", "lastOn": ""}
    value = f"{last.value.normalize():f}"
    return {"last": value, "lastOn": short_day(last.taken_on)}
