"""The states and terms of an application in sentences, for its pages and its messages."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.connection.lifecycle.terms import term_said
from cabinet.connection.models import ConnectionApplication
from portal.formats.dates import long_day
from tenants.selectors import current_company

State = ConnectionApplication.State

_SAID = {
    State.SUBMITTED: gettext_lazy("Мы приняли заявку и передадим её получателю."),
    State.INCOMPLETE: gettext_lazy("Заявку не рассмотрят, пока вы не пришлёте документы."),
    State.FORWARDED: gettext_lazy(
        "Мы передали заявку получателю. Когда он её зарегистрирует, мы напишем вам номер и срок."
    ),
    State.REGISTERED: gettext_lazy("Получатель зарегистрировал заявку и готовит договор."),
    State.OFFERED: gettext_lazy("Получатель подготовил договор. Прочитайте его и подпишите."),
    State.SIGNED: gettext_lazy("Договор заключён. Получатель начнёт работы."),
    State.BUILDING: gettext_lazy("Получатель ведёт работы по договору."),
    State.READY: gettext_lazy("Всё готово к пуску газа."),
    State.DONE: gettext_lazy("Газ подключён."),
    State.REFUSED: gettext_lazy("Получатель отказал в присоединении."),
    State.WITHDRAWN: gettext_lazy("Заявка отозвана. Получатель её не рассматривает."),
}
_UNTIL = {
    State.SUBMITTED: gettext_lazy("Передадим до %(day)s включительно."),
    State.FORWARDED: gettext_lazy("Получатель проверит её до %(day)s включительно."),
    State.REGISTERED: gettext_lazy("Договор должен быть готов до %(day)s включительно."),
    State.OFFERED: gettext_lazy("Подпишите договор до %(day)s включительно."),
    State.SIGNED: gettext_lazy("Работы должны закончить до %(day)s включительно."),
    State.BUILDING: gettext_lazy("Работы должны закончить до %(day)s включительно."),
    State.READY: gettext_lazy("Газ должны пустить до %(day)s включительно."),
}
# The terms by legal records, before anybody has applied.
_TERMS = (
    ("connection_forward_days", gettext_lazy("Мы передадим заявку получателю в течение %(term)s.")),
    ("connection_check_days", gettext_lazy("Получатель проверит заявку в течение %(term)s.")),
    (
        "connection_contract_days",
        gettext_lazy("Получатель подготовит договор в течение %(term)s после регистрации заявки."),
    ),
    (
        "connection_works_days_first",
        gettext_lazy("Газ подключат в течение %(term)s, если объект первой категории."),
    ),
    (
        "connection_works_days_second",
        gettext_lazy("Если объект второй категории, газ подключат в течение %(term)s."),
    ),
    (
        "connection_works_days_third",
        gettext_lazy("Если объект третьей категории, газ подключат в течение %(term)s."),
    ),
)


def state_said(application: ConnectionApplication) -> str:
    """Return what happens with an application now, in a sentence or two."""
    return str(_SAID[State(application.state)])


def until_said(application: ConnectionApplication) -> str:
    """Return until when the present step lasts; empty where no term runs."""
    if application.due_on is None or application.state not in _UNTIL:
        return ""
    return str(_UNTIL[State(application.state)]) % {"day": long_day(application.due_on)}


def responsible_said(application: ConnectionApplication) -> str:
    """Return who has to act now; empty when nobody has to."""
    company = current_company()
    if application.state == State.SUBMITTED:
        return company.name if company else ""
    if application.state in (State.INCOMPLETE, State.OFFERED):
        return _("вы")
    if application.state in (
        *(State.FORWARDED, State.REGISTERED),
        *(State.SIGNED, State.BUILDING, State.READY),
    ):
        return application.recipient
    return ""


def terms_said(day: datetime.date) -> list[str]:
    """Return the terms that are recorded for a day."""
    terms = [(said, term_said(code, day)) for code, said in _TERMS]
    return [str(said) % {"term": term} for said, term in terms if term]
