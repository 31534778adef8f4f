"""Propose, confirm and decline; what is confirmed is made in the same transaction."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.changes import Change
from portal.audit.services import audit_write
from portal.formats.dates import long_day
from portal.staff.models import StaffUser
from tenants.legal.services import legal_record_make
from tenants.models import Proposal
from tenants.services.deletion import company_delete


class ProposalRefused(Exception):
    """The proposal cannot be decided so; the reason is in Russian."""


@transaction.atomic
def proposal_make(
    *,
    kind: Proposal.Kind,
    subject: str,
    arguments: dict[str, Any],
    actor: StaffUser,
    reason: str = "",
    changes: Sequence[Change] = (),
    company_id: int | None = None,
    not_before: datetime.datetime | None = None,
) -> Proposal:
    """Write a proposal down; nothing else changes until it is confirmed."""
    proposal = Proposal.objects.create(
        kind=kind,
        subject=subject[:255],
        arguments=arguments,
        reason=reason,
        changes=[change.as_row() for change in changes],
        company_id=company_id,
        not_before=not_before,
        proposed_by=actor.get_username(),
    )
    _log(proposal, "proposal.made", actor, changes)
    return proposal


def confirm_refusal(proposal: Proposal, actor: StaffUser) -> str:
    """Return why this admin may not confirm the proposal now, in Russian; empty if he may.

    Two accounts are taken for one person's where they share an address, and where the one that would
    delete a company was made when the deletion was proposed already.
    """
    if proposal.proposed_by == actor.get_username():
        return _("Своё предложение подтвердить нельзя: это делает другой администратор.")
    other = proposer(proposal)
    if other and other.email and other.email.casefold() == actor.email.casefold():
        return _(
            "У\u00a0вас и\u00a0у\u00a0того, кто предложил, одна электронная почта. Подтвердить должен "
            "другой человек."
        )
    if proposal.kind == Proposal.Kind.DELETE and actor.date_joined > proposal.proposed_at:
        return _(
            "Ваша учётная запись появилась уже после предложения. Удаление подтверждает тот, "
            "кто работал здесь раньше."
        )
    if proposal.not_before and proposal.not_before > timezone.now():
        day = long_day(timezone.localtime(proposal.not_before))
        return _("Подтвердить можно не\u00a0раньше %s") % day
    return ""


def proposer(proposal: Proposal) -> StaffUser | None:
    """Return the account that the proposal was made from, if it is still there."""
    return StaffUser.objects.filter(username=proposal.proposed_by).first()


@transaction.atomic
def proposal_confirm(*, proposal_id: int, actor: StaffUser, address: str) -> Proposal:
    """Confirm a proposal and make its change.

    Raises ProposalRefused, also for one that is decided; and what the change itself raises.
    """
    proposal = _locked(proposal_id)
    if refusal := confirm_refusal(proposal, actor):
        raise ProposalRefused(refusal)
    _decide(proposal, Proposal.State.CONFIRMED, actor, "")
    match proposal.kind:
        case Proposal.Kind.LEGAL:
            legal_record_make(proposal=proposal, actor=actor)
        case Proposal.Kind.DELETE:
            company_delete(
                company_id=proposal.arguments["company_id"],
                typed_name=proposal.arguments["typed_name"],
                actor=actor.get_username(),
                address=address,
            )
    return proposal


@transaction.atomic
def proposal_decline(*, proposal_id: int, actor: StaffUser, note: str = "") -> Proposal:
    """Close a proposal without its change: another's is declined, one's own withdrawn.

    Raises ProposalRefused if it is decided.
    """
    proposal = _locked(proposal_id)
    own = proposal.proposed_by == actor.get_username()
    _decide(proposal, Proposal.State.WITHDRAWN if own else Proposal.State.DECLINED, actor, note)
    return proposal


def _locked(proposal_id: int) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None or proposal.state != Proposal.State.WAITING:
        raise ProposalRefused(_("Это предложение уже решено."))
    return proposal


def _decide(proposal: Proposal, state: Proposal.State, actor: StaffUser, note: str) -> None:
    proposal.state, proposal.decided_by, proposal.decision_note = state, actor.get_username(), note
    proposal.decided_at = timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    _log(proposal, f"proposal.{state.value}", actor)


def _log(proposal: Proposal, action: str, actor: StaffUser, changes: Sequence[Change] = ()) -> None:
    audit_write(
        actor=actor,
        action=action,
        subject=proposal,
        changes=changes,
        details={"reason": proposal.decision_note or proposal.reason},
    )
