"""How far an appeal is, what it waits for and until when, in words for its writer."""

from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appeals.lifecycle.clock import term_said
from cabinet.appeals.lifecycle.closing import waits_until
from cabinet.appeals.models import OPEN, Appeal
from portal.formats.dates import long_day, long_moment
from portal.formats.steps import Progress, Step

State = Appeal.State


def awaits_said(appeal: Appeal) -> str:
    """Return what the appeal waits for and until when, in sentences; empty when nothing is awaited."""
    if appeal.state == State.WAITING:
        until = long_day(waits_until(appeal.state_since))
        return _("Ответьте до %(until)s включительно: без ответа мы закроем обращение.") % {
            "until": until
        }
    if appeal.state == State.ANSWERED:
        return _("Отметьте, решён ли вопрос, или спросите ещё.")
    if appeal.state not in OPEN or appeal.due_at is None:
        return ""
    until = term_said(appeal)
    if appeal.due_at < timezone.now():
        return _("Мы должны были ответить до %(until)s и не успели. Простите за задержку.") % {
            "until": until
        }
    return _("Ответим до %(until)s.") % {"until": until}


def steps_of(appeal: Appeal) -> list[Step]:
    """Return the way of an appeal: what was done, and what is being done now."""
    steps = [Step(_("Обращение принято"), Progress.DONE, long_moment(appeal.created_at))]
    if appeal.answered_at:
        steps.append(Step(_("Дан ответ"), Progress.DONE, long_moment(appeal.answered_at)))
    return [*steps, _last_step(appeal)]


def _last_step(appeal: Appeal) -> Step:
    closed = long_moment(appeal.closed_at)
    if appeal.state == State.WITHDRAWN:
        return Step(_("Вы отозвали обращение"), Progress.STOPPED, closed)
    if appeal.state == State.DONE:
        return Step(_("Выполнено"), Progress.DONE, closed)
    titles = {
        State.NEW: _("Ждёт оператора"),
        State.IN_WORK: _("Оператор готовит ответ"),
        State.WAITING: _("Ждём вашего ответа"),
        State.ANSWERED: _("Ждём вашей оценки"),
    }
    return Step(titles[State(appeal.state)], Progress.NOW, note=awaits_said(appeal))
