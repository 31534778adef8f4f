"""Every key that the code writes into the log's details has a name in Russian."""

import ast
import re
from pathlib import Path

import pytest

from portal.audit.actions import TITLES, TITLES_OF_NOBODY
from portal.audit.models import AuditEntry
from portal.audit.subjects import OTHER, subject_of
from portal.audit.words import _SILENT, LABELS, details_in_words, sentence

ROOT = Path(__file__).parents[2]
# Functions that pass their keyword arguments on into `details`.
WRITERS = {"log", "_log", "go_to", "_go_to", "_audit", "_reopen"}
NOT_DETAILS = {
    "actor",
    "action",
    "subject",
    "address",
    "text",
    "day",
    "details",
    "changes",
    "files",
}


def written_keys() -> set[str]:
    found = set()
    for package in ("portal", "tenants", "cms_pages", "cabinet"):
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text()
            if "audit" in source or "lifecycle" in str(path) or "states import" in source:
                found |= set(_keys(ast.parse(source)))
    return found


def _keys(tree):
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        for word in call.keywords:
            if word.arg == "details" and isinstance(word.value, ast.Dict):
                yield from (key.value for key in word.value.keys if isinstance(key, ast.Constant))
            elif name in WRITERS and word.arg and word.arg not in NOT_DETAILS:
                yield word.arg


def test_every_key_has_a_label():
    keys = written_keys()
    assert {"reason", "submission", "mark"} <= keys
    assert keys - set(LABELS) - _SILENT == set()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            {
                "actor_name": "boss",
                "action": "wagtail.edit",
                "subject": "реквизиты для Псков [по умолчанию]",
                "details": {"type": "companyrequisites", "changes": [["ИНН", "1", "2"]]},
            },
            "Сотрудник boss изменил: реквизиты. ИНН: было «1», стало «2».",
        ),
        (
            {
                "actor_name": "oleg",
                "action": "appeal.take",
                "subject": "О-1",
                "details": {"before": "new", "state": "work"},
            },
            "Состояние: было «",
        ),
        (
            {"action": "waiting.offer", "details": {"starts_at": "2026-11-29T09:00:00+03:00"}},
            "Начало: 29\u00a0ноября\u00a02026\u00a0г., 09:00.",
        ),
        ({"action": "x", "details": {"unknown": {"a": [1, True]}}}, "Прочее: a: 1, да."),
    ],
)
def test_an_entry_is_a_sentence(entry, said):
    row = AuditEntry(**entry)
    assert said in sentence(row)
    assert not set("{}[]") & set(sentence(row) + details_in_words(row))


@pytest.mark.parametrize("action", sorted(TITLES))
def test_every_title_makes_a_sentence(action):
    """With an actor and without one, with a subject, without one, and when the actor is the subject."""
    for actor in ("Иванова", "central:Иванова", ""):
        for subject in ("Иванова", "О-1", ""):
            said = sentence(AuditEntry(action=action, actor_name=actor, subject=subject))
            assert not re.search("[A-Za-z]", said.replace("MAX", "")), said
            assert said[0].isupper() and said.endswith(".") and said.count(".") == 1, said
            assert ": ." not in said and "  " not in said and said.count(":") <= 1, said
            assert actor != subject or said.count("Иванова") == bool(actor), said
            assert said.startswith("Сотрудник Иванова ") == bool(actor), said
    assert subject_of(action) != OTHER


def test_titles_without_an_actor_are_of_known_actions():
    assert set(TITLES_OF_NOBODY) <= set(TITLES)
