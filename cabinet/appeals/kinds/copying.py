"""The kinds of appeals of one company, for a new one that is set up like it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cabinet.appeals.models import AppealField, AppealKind, AppealQuestion
from tenants.opening.copying import Part

_KIND = ("name", "hint", "is_offered", "order", "term", "term_unit", "files", "files_hint")
_QUESTION = ("sort_order", "text", "hint")
_FIELD = ("sort_order", "label", "type", "choices", "hint", "is_required")


def _read() -> list[dict[str, Any]]:
    return [
        {
            "kind": {name: getattr(kind, name) for name in _KIND},
            "questions": list(kind.questions.values(*_QUESTION)),
            "fields": list(kind.fields.values(*_FIELD)),
        }
        for kind in AppealKind.objects.all()
    ]


def _write(kinds: list[dict[str, Any]]) -> None:
    AppealKind.objects.all().delete()  # those that every company begins with
    for said in kinds:
        kind = AppealKind.objects.create(**said["kind"])
        AppealQuestion.objects.bulk_create(
            AppealQuestion(kind=kind, **one) for one in said["questions"]
        )
        AppealField.objects.bulk_create(AppealField(kind=kind, **one) for one in said["fields"])


KINDS = Part(
    code="appeal_kinds",
    label=_("виды обращений с\u00a0вопросами, полями и\u00a0сроками"),
    read=_read,
    write=_write,
    order=30,
)
