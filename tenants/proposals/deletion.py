"""The proposal to delete a company: made with a verified archive, confirmed by another days later."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.staff.models import StaffUser
from tenants.models import GasCompany, Proposal
from tenants.proposals.services import proposal_make
from tenants.services.deletion import deletion_not_before, deletion_obstacle, name_refuse
from tenants.services.status import StatusRefused, company_locked, obstacles_refuse


@transaction.atomic
def deletion_propose(
    *, company_id: int, typed_name: str, reason: str, actor: StaffUser
) -> Proposal:
    """Offer to delete a company; nothing is deleted until another central admin confirms it.

    Raises StatusRefused: another name, no verified archive, something open, or proposed already.
    """
    company = company_locked(company_id, GasCompany.Status, "")
    name_refuse(company, typed_name)
    if refusal := deletion_obstacle(company):
        raise StatusRefused(refusal)
    obstacles_refuse(company)
    waiting = Proposal.objects.filter(
        kind=Proposal.Kind.DELETE, company_id=company.pk, state=Proposal.State.WAITING
    )
    if waiting.exists():
        raise StatusRefused(_("Удаление этой компании уже предложено."))
    return proposal_make(
        kind=Proposal.Kind.DELETE,
        subject=company.name,
        arguments={"company_id": company.pk, "typed_name": typed_name},
        reason=reason.strip(),
        company_id=company.pk,
        not_before=deletion_not_before(),
        actor=actor,
    )
