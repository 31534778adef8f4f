"""One application on the desk: what was answered and sent, what has happened, what can be done now."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cabinet.connection.answers import answers_read
from cabinet.connection.checklist import papers_missing
from cabinet.connection.desk import forms
from cabinet.connection.desk.queue import phone_said, urgency_of
from cabinet.connection.desk.rights import ICON, may_serve
from cabinet.connection.desk.selectors import application_or_404, history_of
from cabinet.connection.forwarding.document import papers_by_title
from cabinet.connection.lifecycle.states import ALLOWED, CAN_BE_WITHDRAWN, State
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, ConnectionSettings
from cabinet.connection.set_up.selectors import connection_settings
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page

_FORMS: tuple[type[forms.ActionForm], ...] = (
    forms.RegisterForm,
    forms.AskForm,
    forms.AdvanceForm,
    forms.RefuseForm,
    forms.WithdrawForm,
    forms.CorrectForm,
    forms.FilesForm,
    forms.NoteForm,
)
# What comes next stands open.
_FIRST: dict[str, str] = {
    State.FORWARDED: "register",
    **dict.fromkeys(
        (State.REGISTERED, State.OFFERED, State.SIGNED, State.BUILDING, State.READY), "advance"
    ),
}


@company_only
@desk_view(may_serve)
def application_show(request: DeskRequest, pk: int) -> HttpResponse:
    return application_page(request, application_or_404(pk))


def application_page(
    request: DeskRequest,
    application: ConnectionApplication,
    refused: Mapping[str, forms.ActionForm] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render an application; `refused`: the form that was not accepted, by the name of its action."""
    given = refused or {}
    can = actions_of(application)
    shown = {
        one.action: given.get(one.action) or one(application=application)
        for one in _FORMS
        if one.action in can or one.action in given
    }
    context = {
        "application": application,
        "urgency": urgency_of(application),
        "phone": phone_said(application),
        "sections": answers_read(application.answers),
        "papers": papers_by_title(application),
        "missing": papers_missing(application) if application.state == State.SUBMITTED else [],
        "of_company": application.papers.exclude(kind=ConnectionPaper.Kind.PAPER).order_by(
            "created_at"
        ),
        "requests": application.requests.order_by("pk"),
        "history": history_of(application),
        "forms": shown,
        "can": can,
        "first": "" if given else _FIRST.get(application.state, ""),
        **_forwarding(application),
    }
    return desk_page(
        request,
        "connection/desk/application.html",
        context,
        title=_("Заявка №\u00a0%(number)s") % {"number": application.number},
        icon=ICON,
        status=status,
    )


def actions_of(application: ConnectionApplication) -> set[str]:
    """Return the names of what can be done with an application in its state."""
    next_states = ALLOWED[application.state]
    is_open = bool(next_states)
    possible = {
        "forward": State.FORWARDED in next_states or _has_new_papers(application),
        "register": State.REGISTERED in next_states and application.registered_on is None,
        "ask": State.INCOMPLETE in next_states or application.state == State.INCOMPLETE,
        "advance": bool(forms.steps_of(application)),
        "refuse": State.REFUSED in next_states,
        "withdraw": application.state in CAN_BE_WITHDRAWN,
        "correct": application.state != State.WITHDRAWN,
        "files": is_open or application.state == State.DONE,
        "note": True,
    }
    return {name for name, can in possible.items() if can}


def _has_new_papers(application: ConnectionApplication) -> bool:
    """Tell whether papers have come that the recipient has not got yet."""
    if application.state not in (State.FORWARDED, State.REGISTERED):
        return False
    new = application.papers.filter(kind=ConnectionPaper.Kind.PAPER, forwarded_at=None)
    return bool(new.exists())


def _forwarding(application: ConnectionApplication) -> dict[str, Any]:
    """Return how the application goes to its recipient, and whether the portal is trying."""
    settings = connection_settings()
    is_by_hand = settings.way == ConnectionSettings.Way.HAND
    return {
        "settings": settings,
        "is_by_hand": is_by_hand,
        "is_waiting": application.state == State.SUBMITTED and not is_by_hand,
        "is_tried": application.due_at is not None,
    }
