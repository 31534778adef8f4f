"""What a change of the law does, before it is made: shown to who proposes and to who confirms it."""

import datetime
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.audit.changes import Change
from portal.formats.dates import long_day
from portal.formats.numbers import grouped
from tenants.legal.changes import LegalChange
from tenants.legal.rule import LegalValue
from tenants.legal.rules import RULES
from tenants.legal.selectors import own_values, records_that_count, value_of
from tenants.models import GasCompany, LegalRecord, Proposal


@dataclass(frozen=True)
class LegalPreview:
    """`facts`: label and sentence, in the order in which people ask."""

    subject: str
    changes: list[Change]
    facts: list[tuple[str, str]]


def legal_preview(change: LegalChange) -> LegalPreview:
    """Return whom a change touches, from when, what it changes and what stays."""
    rule = RULES[change.code]
    company = GasCompany.objects.filter(pk=change.company_id).first()
    whose = company.name if company else _("для всех компаний")
    facts = [
        (_("Правило"), rule.label),
        (_("Чьё"), company.name if company else _("Общее, для всех компаний")),
        (_("Кого касается"), _touched(change, company)),
        (_("С\u00a0какого дня"), _begins(change)),
        (_("До\u00a0какого дня"), _ends(change)),
        (_("Какие страницы изменятся"), rule.shows),
        (_("Что пересчитается"), _reckoned(change)),
        (_("Источник"), change.source),
        (_("Примечание"), change.note),
        (_("Проверить"), long_day(change.review_on) if change.review_on else ""),
        (_("Почему"), change.reason),
    ]
    return LegalPreview(
        subject=f"{rule.label}, {whose}, с\u00a0{long_day(change.valid_from)}",
        changes=list(_changes(change, company)),
        facts=[(label, said) for label, said in facts if said],
    )


def preview_of_proposal(proposal: Proposal) -> LegalPreview | None:
    """Return the preview of what waits as it is today; None for another kind and for what was decided."""
    if proposal.kind != Proposal.Kind.LEGAL or proposal.state != Proposal.State.WAITING:
        return None
    with suppress(ValidationError):
        return legal_preview(LegalChange.of_arguments(proposal.arguments))
    return None


def _changes(change: LegalChange, company: GasCompany | None) -> Iterator[Change]:
    day, replaced = change.valid_from, change.replaced()
    before = _said(change.code, value_of(change.code, day, company))
    yield Change(_label(change.code, day), before, _after(change, company))
    if replaced and replaced.valid_from != day:
        gone = value_of(change.code, replaced.valid_from, company, replaced.pk)
        label = _label(change.code, replaced.valid_from)
        yield Change(label, replaced.shown_value, _said(change.code, gone))


def _after(change: LegalChange, company: GasCompany | None) -> str:
    code, day = change.code, change.valid_from
    if change.withdraws:
        return _said(code, value_of(code, day, company, change.replaces))
    if change.value is None and company:
        return _("общее правило: %s") % _said(code, value_of(code, day, None))
    return _said(code, change.value)


def _said(code: str, value: LegalValue | None) -> str:
    return _("не\u00a0действует") if value is None else RULES[code].said(value)


def _label(code: str, day: datetime.date) -> str:
    return _("%(rule)s, с\u00a0%(day)s") % {"rule": RULES[code].label, "day": long_day(day)}


def _touched(change: LegalChange, company: GasCompany | None) -> str:
    rule = RULES[change.code]
    companies = GasCompany.objects.exclude(status=GasCompany.Status.ARCHIVED)
    if company:
        found, own = [company], 0
    else:
        found = list(companies.filter(kind__in=rule.kinds).select_related("fleet_snapshot"))
        theirs = own_values(change.code, change.valid_from)
        own = sum(one.pk in theirs for one in found)
        found = [one for one in found if one.pk not in theirs]
    words = ngettext("%(n)s компания", "%(n)s компаний", len(found)) % {"n": len(found)}
    accounts = sum(_accounts(one) for one in found)
    said = company.name if company else words
    if accounts:
        said += ", " + ngettext("%(n)s лицевой счёт", "%(n)s лицевых счетов", accounts) % {
            "n": grouped(accounts)
        }
    if own:
        words = ngettext(
            "Ещё у\u00a0%(n)s компании действует своё значение: для неё ничего не\u00a0изменится.",
            "Ещё у\u00a0%(n)s компаний действует своё значение: для них ничего не\u00a0изменится.",
            own,
        )
        said += ". " + words % {"n": own}
    return said


def _accounts(company: GasCompany) -> int:
    """Return how many accounts there were when the fleet was last counted."""
    snapshot = getattr(company, "fleet_snapshot", None)
    figure = snapshot.figures.get("accounts") if snapshot else None
    return figure if isinstance(figure, int) else 0


def _begins(change: LegalChange) -> str:
    today, day = timezone.localdate(), change.valid_from
    if day < today:
        return _("%s Этот день уже прошёл.") % long_day(day)
    left = (day - today).days
    if not left:
        return _("Сегодня, сразу после подтверждения.")
    words = ngettext("%(day)s, через %(n)s день.", "%(day)s, через %(n)s дней.", left)
    return words % {"day": long_day(day), "n": grouped(left)}


def _ends(change: LegalChange) -> str:
    following = _following(change)
    if change.withdraws:
        return ""
    if following is None:
        return _("Пока не\u00a0появится новая запись.")
    return _("%(day)s, тогда начнёт действовать следующая запись: %(value)s.") % {
        "day": long_day(following.valid_from),
        "value": following.shown_value,
    }


def _following(change: LegalChange) -> LegalRecord | None:
    later = records_that_count().filter(
        code=change.code, company_id=change.company_id, valid_from__gt=change.valid_from
    )
    return later.exclude(pk=change.replaces).order_by("valid_from").first()


def _reckoned(change: LegalChange) -> str:
    first = _first_day(change)
    if first < timezone.localdate():
        return _(
            "Сроки, пени и\u00a0подсказки за\u00a0дни начиная с\u00a0%s портал покажет по-новому. "
            "Суммы и\u00a0файлы выставленных квитанций и\u00a0принятые платежи не\u00a0изменятся."
        ) % long_day(first)
    return _(
        "За\u00a0дни до\u00a0этой даты ничего. Суммы и\u00a0файлы выставленных квитанций "
        "и\u00a0принятые платежи не\u00a0изменятся."
    )


def _first_day(change: LegalChange) -> datetime.date:
    replaced = change.replaced()
    return min(change.valid_from, replaced.valid_from) if replaced else change.valid_from
