"""Legal records are written here alone, when a second central admin has confirmed them."""

import datetime
from decimal import Decimal

from django.db import transaction

from portal.staff.models import StaffUser
from tenants.models import LegalRecord, Proposal


@transaction.atomic
def legal_record_make(*, proposal: Proposal, actor: StaffUser) -> LegalRecord:
    """Write the record of a confirmed proposal. Raises ValidationError."""
    said = proposal.arguments
    record = LegalRecord(
        company_id=said.get("company_id"),
        code=said["code"],
        valid_from=datetime.date.fromisoformat(said["valid_from"]),
        number=Decimal(said["number"]) if said.get("number") else None,
        day=datetime.date.fromisoformat(said["day"]) if said.get("day") else None,
        text=said.get("text", ""),
        source=said["source"],
        note=said.get("note", ""),
    )
    record.full_clean()
    record.save()
    return record
