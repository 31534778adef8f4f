"""What waits for a second central admin, and what was decided."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.changes import Change
from portal.desk.access import DeskRequest, desk_view
from portal.desk.lists import Column, DeskList, Filter
from portal.desk.pages import Button, desk_page
from portal.desk.questions import desk_ask
from portal.formats.dates import long_day
from portal.http.addresses import client_address
from tenants.legal.preview import preview_of_proposal
from tenants.models import Proposal
from tenants.proposals.services import (
    ProposalRefused,
    confirm_refusal,
    proposal_confirm,
    proposal_decline,
    proposer,
)
from tenants.services import StatusRefused

REFUSED = (ProposalRefused, StatusRefused, ValidationError)


class DeclineForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Почему"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Прочитает тот, кто предложил."),
    )


@desk_view("tenants.view_proposal", hidden=False)
def proposals(request: DeskRequest) -> HttpResponse:
    """List proposals, those that wait first."""
    waits = When(state=Proposal.State.WAITING, then=Value(0))
    first = Case(waits, default=Value(1), output_field=IntegerField())
    found = DeskList(
        request,
        Proposal.objects.order_by(first, "-proposed_at", "-pk"),
        columns=[
            Column(label=_("Изменение")),
            Column(label=_("Состояние")),
            Column(label=_("Кто предложил")),
            Column(label=_("Когда")),
        ],
        filters=[
            Filter(
                name="state",
                label=_("состояние"),
                choices=Proposal.State.choices,
            )
        ],
        search=("subject", "reason", "proposed_by"),
    )
    template = "tenants/central_admin/proposals.html"
    title = _("Подтверждения")
    return desk_page(request, template, {"list": found}, title=title, icon="check")


@desk_view("tenants.view_proposal", hidden=False)
def proposal_show(request: DeskRequest, proposal_id: int) -> HttpResponse:
    """Show what a proposal changes, and who may decide it."""
    proposal = get_object_or_404(Proposal, pk=proposal_id)
    context = {
        "object": proposal,
        "buttons": _buttons(request, proposal),
        "facts": _facts(proposal),
        "changes": [Change(*row) for row in proposal.changes],
        "preview": preview_of_proposal(proposal),
        "is_own": proposal.proposed_by == request.user.get_username(),
        "waits": proposal.state == Proposal.State.WAITING,
        "may_decide": request.user.has_perm(proposal.permission),
        "refusal": confirm_refusal(proposal, request.user),
    }
    template = "tenants/central_admin/proposal.html"
    title = str(proposal.get_kind_display()).capitalize()
    return desk_page(request, template, context, title=title, icon="check")


def _buttons(request: DeskRequest, proposal: Proposal) -> list[Button]:
    if proposal.state != Proposal.State.WAITING or not request.user.has_perm(proposal.permission):
        return []
    decline = reverse("proposal_decline", args=[proposal.pk])
    if proposal.proposed_by == request.user.get_username():
        return [Button(label=_("Отозвать"), url=decline, style="button-secondary")]
    buttons = [Button(label=_("Отклонить"), url=decline, style="button-secondary")]
    if not confirm_refusal(proposal, request.user):
        confirm = reverse("proposal_confirm", args=[proposal.pk])
        style = "no" if proposal.kind == Proposal.Kind.DELETE else ""
        buttons.insert(0, Button(label=_("Подтвердить"), url=confirm, style=style))
    return buttons


def _facts(proposal: Proposal) -> list[tuple[str, object]]:
    proposed = timezone.localtime(proposal.proposed_at)
    facts: list[tuple[str, object]] = [
        (_("О чём"), proposal.subject),
        (_("Состояние"), proposal.get_state_display()),
        (_("Предложил"), f"{proposal.proposed_by}, {long_day(proposed)}, {proposed:%H:%M}"),
        (_("Кто это"), _proposer_said(proposal)),
        (_("Причина"), proposal.reason),
    ]
    if proposal.not_before:
        facts.append((_("Не раньше"), long_day(timezone.localtime(proposal.not_before))))
    if proposal.decided_at:
        decided = timezone.localtime(proposal.decided_at)
        facts.append((_("Решил"), f"{proposal.decided_by}, {long_day(decided)}, {decided:%H:%M}"))
        facts.append((_("Почему"), proposal.decision_note))
    return [(label, value) for label, value in facts if value]


def _proposer_said(proposal: Proposal) -> str:
    """Return who proposed it, so that whoever confirms sees that it is another person."""
    person = proposer(proposal)
    if person is None:
        return str(_("учётной записи больше нет"))
    since = long_day(timezone.localtime(person.date_joined))
    said = [person.get_full_name(), person.email, _("учётная запись с\u00a0%s") % since]
    return ", ".join(filter(None, said))


@desk_view("tenants.view_proposal", hidden=False)
def confirm(request: DeskRequest, proposal_id: int) -> HttpResponse:
    proposal = _decidable(request, proposal_id)
    deletes = proposal.kind == Proposal.Kind.DELETE
    what = (
        _("Сайт, лицевые счета, показания, сотрудники и\u00a0файлы компании удалятся сразу.")
        if deletes
        else _("Изменение вступит в\u00a0силу сразу, как вы\u00a0его подтвердите.")
    )
    page = reverse("proposal", args=[proposal.pk])
    return desk_ask(
        request,
        lambda _data: proposal_confirm(
            proposal_id=proposal.pk, actor=request.user, address=client_address(request)
        ),
        title=_("Подтвердить удаление компании") if deletes else _("Подтвердить изменение"),
        about=proposal.subject,
        says=[what],
        danger=_("Удалить навсегда") if deletes else _("Подтвердить"),
        done=_("Компания удалена. Её архив остался на\u00a0странице «Архивы».")
        if deletes
        else _("Подтверждено, изменение сделано."),
        refused=REFUSED,
        refusal=confirm_refusal(proposal, request.user),
        back=page,
    )


@desk_view("tenants.view_proposal", hidden=False)
def decline(request: DeskRequest, proposal_id: int) -> HttpResponse:
    proposal = _decidable(request, proposal_id)
    own = proposal.proposed_by == request.user.get_username()

    def decide(data: dict[str, Any]) -> None:
        proposal_decline(proposal_id=proposal.pk, actor=request.user, **data)

    return desk_ask(
        request,
        decide,
        title=_("Отозвать предложение") if own else _("Отклонить предложение"),
        about=proposal.subject,
        says=[_("Ничего не\u00a0изменится. Предложить то\u00a0же самое можно заново.")],
        danger=_("Отозвать") if own else _("Отклонить"),
        done=_("Предложение отозвано.") if own else _("Предложение отклонено."),
        refused=REFUSED,
        form=None if own else DeclineForm,
        back=reverse("proposal", args=[proposal.pk]),
    )


def _decidable(request: DeskRequest, proposal_id: int) -> Proposal:
    """Return the proposal; 404 for who may not decide it."""
    waiting = [
        one
        for one in Proposal.objects.filter(pk=proposal_id)
        if request.user.has_perm(one.permission)
    ]
    return get_object_or_404(Proposal, pk__in=[one.pk for one in waiting])
