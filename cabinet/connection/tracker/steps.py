"""The way of an application as a timeline: what was done, what is now, what comes, each with its term."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.connection.lifecycle.states import WAY, WAY_PLACE, State
from cabinet.connection.lifecycle.terms import term_said
from cabinet.connection.lifecycle.words import state_said, until_said
from cabinet.connection.models import ConnectionApplication, ConnectionEvent
from portal.formats.dates import long_day
from portal.formats.steps import Progress, Step

_DONE = {
    State.SUBMITTED: gettext_lazy("Заявка принята"),
    State.FORWARDED: gettext_lazy("Заявка передана получателю"),
    State.REGISTERED: gettext_lazy("Заявка зарегистрирована"),
    State.OFFERED: gettext_lazy("Договор подготовлен"),
    State.SIGNED: gettext_lazy("Договор заключён"),
    State.BUILDING: gettext_lazy("Начаты работы"),
    State.READY: gettext_lazy("Работы закончены"),
    State.DONE: gettext_lazy("Газ подключён"),
}
_STOPPED = {
    State.INCOMPLETE: gettext_lazy("Нужны документы от вас"),
    State.REFUSED: gettext_lazy("Получатель отказал"),
    State.WITHDRAWN: gettext_lazy("Заявка отозвана"),
}
# The term of a step that is to come: its legal record, and the sentence.
_TERMS = {
    State.FORWARDED: ("connection_forward_days", gettext_lazy("Передадим в течение %(term)s.")),
    State.REGISTERED: (
        "connection_check_days",
        gettext_lazy("Получатель проверяет заявку в течение %(term)s."),
    ),
    State.OFFERED: (
        "connection_contract_days",
        gettext_lazy("Получатель готовит договор в течение %(term)s после регистрации."),
    ),
    State.DONE: (
        "connection_gas_days",
        gettext_lazy("Газ пускают не раньше чем через %(term)s после готовности."),
    ),
}


def steps_of(application: ConnectionApplication) -> list[Step]:
    """Return all steps; one query for the events, one for each term that is not reached yet."""
    events = _last_events(application)
    reached = _place_reached(application, events)
    today = timezone.localdate()
    steps = []
    for place, state in enumerate(WAY):
        if place <= reached:
            steps.append(_done(state, events.get(state)))
        elif application.state in (State.REFUSED, State.WITHDRAWN):
            break
        else:
            steps.append(Step(str(_DONE[state]), Progress.AHEAD, note=_term_said(state, today)))
    if application.state in _STOPPED:
        steps.insert(reached + 1, _stopped(application, events.get(application.state)))
    elif application.state != State.DONE:
        note = " ".join(filter(None, [state_said(application), until_said(application)]))
        steps.insert(reached + 1, Step(_("Сейчас"), Progress.NOW, note=note))
    return steps


def _last_events(application: ConnectionApplication) -> dict[str, ConnectionEvent]:
    """Return the last event of each state: a correction replaces what was a mistake."""
    return {one.state: one for one in application.events.order_by("id")}


def _place_reached(application: ConnectionApplication, events: dict[str, ConnectionEvent]) -> int:
    if application.state in WAY_PLACE:
        return WAY_PLACE[application.state]
    places = [WAY_PLACE[one] for one in events if one in WAY_PLACE]
    if application.state == State.INCOMPLETE and not application.registered_on:
        places = [one for one in places if one <= WAY_PLACE[State.FORWARDED]]
    return max(places, default=0)


def _done(state: str, event: ConnectionEvent | None) -> Step:
    when = long_day(event.happened_on) if event else ""
    return Step(str(_DONE[State(state)]), Progress.DONE, when, event.text if event else "")


def _stopped(application: ConnectionApplication, event: ConnectionEvent | None) -> Step:
    is_over = application.state != State.INCOMPLETE
    return Step(
        str(_STOPPED[State(application.state)]),
        Progress.STOPPED if is_over else Progress.NOW,
        long_day(event.happened_on) if event else "",
        event.text if event and event.text else state_said(application),
    )


def _term_said(state: str, today: datetime.date) -> str:
    """Return the term of a step that is to come, in plain words; empty where no record says."""
    if state == State.BUILDING:
        return _("Срок работ указан в договоре.")
    if state not in _TERMS:
        return ""
    code, said = _TERMS[State(state)]
    term = term_said(code, today)
    return str(said) % {"term": term} if term else ""
