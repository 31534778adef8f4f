"""Kinds of appeals, appeals with their messages and files, incidents, and who is responsible for what."""

from cabinet.appeals.models.appeals import OPEN, Appeal, AppealFile, AppealMessage
from cabinet.appeals.models.drafts import AppealDraft
from cabinet.appeals.models.incidents import Incident, Responsibility
from cabinet.appeals.models.kinds import AppealField, AppealKind, AppealQuestion, CannedAnswer

__all__ = [
    "OPEN",
    "Appeal",
    "AppealDraft",
    "AppealField",
    "AppealFile",
    "AppealKind",
    "AppealMessage",
    "AppealQuestion",
    "CannedAnswer",
    "Incident",
    "Responsibility",
]
