"""A change of the law is proposed here; another central admin confirms it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.staff.models import StaffUser
from tenants.legal.changes import LegalChange, legal_change_check
from tenants.legal.preview import legal_preview
from tenants.models import Proposal
from tenants.proposals.services import proposal_make


@transaction.atomic
def legal_change_propose(*, change: LegalChange, actor: StaffUser) -> Proposal:
    """Write the proposal of a change down. Raises ValidationError."""
    legal_change_check(change)
    if proposal_of(change):
        raise ValidationError(
            {"valid_from": _("Изменение на\u00a0этот день уже ждёт подтверждения.")}
        )
    preview = legal_preview(change)
    return proposal_make(
        kind=Proposal.Kind.LEGAL,
        subject=preview.subject,
        arguments=change.arguments(),
        actor=actor,
        reason=change.reason,
        changes=preview.changes,
        company_id=change.company_id,
    )


def proposal_of(change: LegalChange) -> Proposal | None:
    """Return the proposal about the same rule, company and day that waits."""
    return Proposal.objects.filter(
        kind=Proposal.Kind.LEGAL,
        state=Proposal.State.WAITING,
        arguments__code=change.code,
        arguments__valid_from=change.valid_from.isoformat(),
        arguments__company_id=change.company_id,
    ).first()
