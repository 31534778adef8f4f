"""Legal records are written here alone, when a second central admin has confirmed them."""

from django.db import transaction
from django.utils import timezone

from portal.audit.changes import Change
from portal.audit.services import audit_write
from portal.staff.models import StaffUser
from tenants.legal.changes import LegalChange, codes_together, legal_change_check
from tenants.models import LegalRecord, Proposal


@transaction.atomic
def legal_record_make(*, proposal: Proposal, actor: StaffUser) -> LegalRecord | None:
    """Make the change of a confirmed proposal, checked anew; None where a record was withdrawn.

    Raises ValidationError.
    """
    change = LegalChange.of_arguments(proposal.arguments)
    rows = LegalRecord.objects.filter(code__in=codes_together(change.code))
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    legal_change_check(change)
    if replaced := change.replaced():
        replaced.superseded_at, replaced.superseded_note = timezone.now(), change.reason
        replaced.save(update_fields=["superseded_at", "superseded_note"])
    record = None
    if not change.withdraws:
        record = change.record()
        record.proposed_by, record.confirmed_by = proposal.proposed_by, actor.get_username()
        record.full_clean()
        record.save()
    audit_write(
        actor=actor,
        action="legal.withdrawn" if change.withdraws else "legal.recorded",
        subject=proposal.subject,
        changes=[Change(*row) for row in proposal.changes],
        details={"proposed_by": proposal.proposed_by},
    )
    return record
