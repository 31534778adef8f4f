"""Figures of a snapshot as people read them."""

import datetime
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince

from tenants.fleet import Counter, counters
from tenants.models import FleetSnapshot


@dataclass(frozen=True)
class Cell:
    """`text` is empty where nothing is known."""

    label: str
    text: str
    is_alarm: bool = False
    has_failed: bool = False
    counts_failures: bool = False


def figure_cells(snapshot: FleetSnapshot | None) -> list[Cell]:
    """One for each registered counter, in their order; from the snapshot alone."""
    return [
        replace(_cell(counter, snapshot), counts_failures=counter.alarm) for counter in counters()
    ]


def _cell(counter: Counter, snapshot: FleetSnapshot | None) -> Cell:
    if snapshot is None:
        return Cell(counter.label, "")
    if counter.code in snapshot.failed:
        return Cell(counter.label, "", has_failed=True)
    figure = snapshot.figures.get(counter.code)
    if figure is None:
        return Cell(counter.label, "")
    if isinstance(figure, str):
        moment = datetime.datetime.fromisoformat(figure)
        return Cell(counter.label, f"{timesince(moment, timezone.now(), depth=1)} назад")
    text = number_format(figure, use_l10n=True, force_grouping=True)
    return Cell(counter.label, text, is_alarm=counter.alarm and figure > 0)
