"""The steps of something that takes its time, as `components/timeline.html` shows them."""

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Progress(enum.StrEnum):
    """How far a step is; `STOPPED` ends the way."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    STOPPED = "stopped"


_SAID: dict[Progress, str | Promise] = {
    Progress.DONE: _("сделано"),
    Progress.NOW: _("сейчас"),
    Progress.AHEAD: _("впереди"),
    Progress.STOPPED: _("не выполнено"),
}


@dataclass(frozen=True)
class Step:
    """A step: `when` is a day or a moment in the company's time, empty while it is not known."""

    title: str
    progress: Progress
    when: str = ""
    note: str = ""

    @property
    def progress_said(self) -> str:
        return str(_SAID[self.progress])
