"""Opening hours: what they are, whether it is open now, and how a person says it. No database."""

from cms_pages.hours.schedule import ALWAYS, Closure, Rule, Schedule, Shift, State
from cms_pages.hours.wording import hours_lines, state_text

__all__ = [
    "ALWAYS",
    "Closure",
    "Rule",
    "Schedule",
    "Shift",
    "State",
    "hours_lines",
    "state_text",
]
