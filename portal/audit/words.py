"""Entries of the log as people read them: a sentence, facts, and what was before and after."""

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting

from portal.audit.actions import action_title
from portal.audit.changes import Change, value_in_words
from portal.audit.models import CENTRAL_PREFIX, AuditEntry
from portal.formats.numbers import kopecks

# Keys of sums in rubles among the `details`.
_SUMS = {"amount", "limit"}
# Labels of what `details` of entries hold.
LABELS: dict[str, Any] = {
    "account_number": _("лицевой счёт"),
    "after": _("стало"),
    "amount": _("сумма, ₽"),
    "answer": _("ответ"),
    "before": _("было"),
    "by": _("кто отправил"),
    "channel": _("канал"),
    "centre": _("центр обслуживания"),
    "chosen": _("выбран лицевой счёт"),
    "code": _("код причины"),
    "comment": _("комментарий"),
    "companies": _("компании"),
    "company": _("компания"),
    "day": _("день"),
    "desk": _("окно"),
    "differences": _("что не\u00a0совпало"),
    "differs": _("что не\u00a0совпало"),
    "dispute": _("номер обращения"),
    "ends_at": _("до"),
    "fields": _("изменено"),
    "file": _("файл"),
    "filter": _("отбор"),
    "format": _("формат"),
    "from": _("откуда"),
    "had_it": _("счёт уже был в\u00a0кабинете"),
    "has_till": _("касса подключена"),
    "inn": _("ИНН"),
    "is_enabled": _("магазин включён"),
    "is_solved": _("вопрос решён"),
    "is_standard": _("текст портала"),
    "is_test": _("магазин проверочный"),
    "kind": _("вид"),
    "limit": _("предел, ₽"),
    "mark": _("оценка"),
    "methods": _("способы оплаты"),
    "missing": _("не\u00a0было готово"),
    "month": _("месяц"),
    "note": _("примечание"),
    "number": _("номер"),
    "number_before": _("номер был"),
    "papers": _("документов"),
    "payments": _("платежей"),
    "problem": _("что не\u00a0так"),
    "proposed_by": _("кто предложил"),
    "proof": _("чем подтверждён"),
    "provider_id": _("номер у\u00a0платёжного сервиса"),
    "reason": _("причина"),
    "recipient_number": _("номер у\u00a0исполнителя"),
    "refund": _("номер возврата"),
    "request": _("номер заявления"),
    "result": _("итог"),
    "roles": _("роли"),
    "scopes": _("что можно"),
    "service": _("услуга"),
    "sha256": _("SHA-256"),
    "shop_id": _("номер магазина"),
    "size": _("размер, байт"),
    "source": _("как поступило"),
    "starts_at": _("начало"),
    "state": _("состояние"),
    "state_before": _("состояние было"),
    "status": _("состояние у\u00a0сервиса"),
    "submission": _("номер квитанции о\u00a0приёме"),
    "to": _("кому"),
    "typed": _("указан лицевой счёт"),
    "until": _("до"),
    "version": _("версия"),
    "wish": _("что сделать"),
}
# Numbers by which pages are found: they say nothing to people.
_SILENT = frozenset({"changes", "type", "page", "revisions", "company_id", "subscriber"})
# Words for codes: by the beginning of an action and a key of `details`.
_WORDS: dict[tuple[str, str], Mapping[Any, Any]] = {}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.+Z-]+)?\Z")
_SHOWN = 3
_LENGTH = 80


def detail_words_add(action: str, words: Mapping[Any, Any], *keys: str) -> None:
    """Translate values of these keys into words, in entries whose action begins with `action`."""
    _WORDS.update({(action, key): words for key in keys})


def changes_of(entry: AuditEntry) -> list[Change]:
    """Return what an entry says of before and after."""
    found = [Change(*map(str, row)) for row in entry.details.get("changes", [])]
    facts = entry.details
    if "before" in facts and "after" in facts:
        found.append(_pair(entry, "after", before="before"))
    elif "before" in facts and "state" in facts and facts["before"] != facts["state"]:
        found.append(_pair(entry, "state", before="before"))
    return found


def _pair(entry: AuditEntry, after: str, *, before: str) -> Change:
    label = "Состояние" if after == "state" else "Роли"
    return Change(label, _value(entry, before), _value(entry, after))


def facts_of(entry: AuditEntry) -> list[tuple[str, str]]:
    """Return the other details of an entry, labelled; what has no label is «прочее»."""
    paired = {"before", "state", "after"} if changes_of(entry) else set()
    said = [
        (str(LABELS.get(key, _("прочее"))), _value(entry, key))
        for key in entry.details
        if key not in _SILENT and key not in paired
    ]
    return [(label[:1].upper() + label[1:], value) for label, value in said if value]


def _value(entry: AuditEntry, key: str) -> str:
    value = entry.details[key]
    if key in _SUMS and re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
        return kopecks(Decimal(str(value)))
    for (action, name), words in _WORDS.items():
        if name == key and entry.action.startswith(action):
            many = value if isinstance(value, list) else [value]
            return ", ".join(str(words.get(one, one)) for one in many if one != "")
    return value_in_words(_moment(value) if isinstance(value, str) else value)


def _moment(text: str) -> Any:
    """Return a day or moment that was stored as ISO 8601; other texts as they are."""
    if not _ISO.match(text):
        return text
    try:
        if len(text) == len("2026-11-29"):
            return datetime.date.fromisoformat(text)
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return text


def details_in_words(entry: AuditEntry) -> str:
    """Return all details of an entry as one text, nothing left out."""
    said = [_change_said(one, whole=True) for one in changes_of(entry)]
    said += [f"{label}: {value}" for label, value in facts_of(entry)]
    return "; ".join(said)


def sentence(entry: AuditEntry) -> str:
    """Return an entry as sentences: who did what to what, and the first changes."""
    return " ".join(filter(None, [headline(entry), what_changed(entry)]))


def headline(entry: AuditEntry) -> str:
    """Return who did what to what.

    The verb agrees with «сотрудник» or «портал»: a login says nothing of whether it is a man's. What
    nobody of the staff did is said without an actor, where it was not the portal's own doing.
    """
    what = action_title(entry.action, by_somebody=bool(entry.actor_name))
    if entry.actor_name:
        what = f"{_('Сотрудник')} {actor_in_words(entry.actor_name)} {what}"
    subject = subject_in_words(entry) if entry.subject != entry.actor_name else ""
    said = f"{what}: {subject}" if subject else what
    said = said[:1].upper() + said[1:]
    return said if said.endswith(("!", "?", "…")) else said.removesuffix(".") + "."


def actor_in_words(name: str) -> str:
    """Return a login as it is typed, without what marks a central admin's row in a company."""
    return name.removeprefix(CENTRAL_PREFIX)


def what_changed(entry: AuditEntry) -> str:
    """Return the first changes and facts of an entry as sentences; empty where it has none."""
    return " ".join(_rest(entry))


def _rest(entry: AuditEntry) -> Iterator[str]:
    changes = changes_of(entry)
    for change in changes[:_SHOWN]:
        yield _change_said(change) + "."
    if (more := len(changes) - _SHOWN) > 0:
        yield str(_("И ещё изменений: %s.") % more)
    for label, value in facts_of(entry)[:_SHOWN]:
        yield f"{label}: {Truncator(value).chars(_LENGTH).removesuffix('.')}."


def _change_said(change: Change, *, whole: bool = False) -> str:
    before, after = (
        one if whole else Truncator(" ".join(one.split())).chars(_LENGTH)
        for one in (change.before, change.after)
    )
    if not before:
        return f"{change.label}: стало «{after}»"
    if not after:
        return f"{change.label}: было «{before}», теперь пусто"
    return f"{change.label}: было «{before}», стало «{after}»"


def subject_in_words(entry: AuditEntry) -> str:
    """Return what an entry is about, with its kind: «центр обслуживания «Псков»»."""
    kind = _kinds().get(entry.details.get("type", ""), "")
    if entry.details.get("type") in _settings():
        return kind  # Wagtail names each «… для САЙТ [по умолчанию]», and a company has one site
    if not kind or entry.subject.casefold().startswith(kind.casefold()):
        return entry.subject
    return f"{kind} «{entry.subject}»" if entry.subject else kind


@cache
def _settings() -> set[str]:
    """Return the models of settings of a site, by the names that Wagtail's log gives them."""
    models = (model for model in apps.get_models() if issubclass(model, BaseSiteSetting))
    return {str(model._meta.model_name) for model in models}


@cache
def _kinds() -> dict[str, str]:
    """Return names of models in Russian by the names that Wagtail's log gives them."""
    return {
        str(model._meta.model_name): str(model._meta.verbose_name) for model in apps.get_models()
    }
