"""Which papers an application needs, by its answers, and which of them are there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from cabinet.connection.answers import Answers, Ground, ObjectKind, Role, Step
from cabinet.connection.calculator import free_flow
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, PaperType

When = PaperType.When


@dataclass
class ChecklistLine:
    """A paper that is asked for, with the files that were sent for it; or files that nobody asks for now."""

    paper: PaperType
    files: list[ConnectionPaper] = field(default_factory=list)
    is_asked: bool = True

    @property
    def is_missing(self) -> bool:
        return self.paper.is_required and not self.files


def papers_needed(answers: Answers) -> list[PaperType]:
    """Return the papers that are asked for, the optional ones among them, in order."""
    return list(PaperType.objects.filter(when__in=_cases(answers)))


def checklist_of(application: ConnectionApplication) -> list[ChecklistLine]:
    """Return the papers of an application, each with its files; four queries.

    Files for which other answers have asked come last: the applicant sees them, for they go along.
    """
    files: dict[int | None, list[ConnectionPaper]] = defaultdict(list)
    sent = application.papers.filter(kind=ConnectionPaper.Kind.PAPER, request=None)
    for one in sent.order_by("created_at", "pk"):
        files[one.paper_type_id].append(one)
    needed = papers_needed(application.answers)
    lines = [ChecklistLine(paper, files.pop(paper.pk, [])) for paper in needed]
    left = [ChecklistLine(_paper_of(some[0]), some, is_asked=False) for some in files.values()]
    return lines + left


def _paper_of(file: ConnectionPaper) -> PaperType:
    """Return what the file was sent for, by the name that it had then."""
    return PaperType(pk=file.paper_type_id, name=file.title, is_required=False)


def papers_missing(application: ConnectionApplication) -> list[PaperType]:
    """Return the papers without which an application is incomplete."""
    return [line.paper for line in checklist_of(application) if line.is_missing]


def _cases(answers: Answers) -> set[str]:
    """Return in which cases of `PaperType.When` the answers are."""
    applicant = answers.get(Step.APPLICANT) or {}
    place = answers.get(Step.OBJECT) or {}
    cases = {
        When.ALWAYS: True,
        When.AGENT: applicant.get("role") == Role.AGENT,
        When.RENT: applicant.get("ground") == Ground.RENT,
        When.UNREGISTERED: applicant.get("ground") == Ground.UNREGISTERED,
        When.SHARED: bool(applicant.get("is_shared")),
        When.LARGE_FLOW: _is_over_limit(answers),
        When.GARDEN: place.get("kind") == ObjectKind.GARDEN,
    }
    return {str(case) for case, holds in cases.items() if holds}


def _is_over_limit(answers: Answers) -> bool:
    flow = Decimal((answers.get(Step.EQUIPMENT) or {}).get("flow") or 0)
    limit = free_flow(timezone.localdate()) if flow else None
    return limit is not None and flow > limit
