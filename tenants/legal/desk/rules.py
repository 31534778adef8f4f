"""The list of rules, and a rule with its records."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import Button, desk_page
from portal.formats.text import clean_text
from tenants.legal.alarms import legal_alarms
from tenants.legal.desk.overview import records_of, rules_by_subject
from tenants.legal.rule import Rule
from tenants.legal.rules import RULES
from tenants.models import GasCompany, Proposal

SEE, CHANGE = "tenants.view_legalrecord", "tenants.change_legalrecord"
ICON = "doc-full"


@desk_view(SEE, hidden=False)
def rules(request: DeskRequest) -> HttpResponse:
    """List the rules by subject; search goes by their Russian names, and by the code."""
    query, today = clean_text(request.GET.get("q", "")), timezone.localdate()
    context = {
        "query": query,
        "subjects": rules_by_subject(today, query),
        "alarms": [] if query else legal_alarms(today),
        "waiting": _waiting().count(),
    }
    title = _("Правовые нормы")
    return desk_page(request, "tenants/legal/rules.html", context, title=title, icon=ICON)


@desk_view(SEE, hidden=False)
def rule_show(request: DeskRequest, code: str) -> HttpResponse:
    """Show a rule: what may be recorded, what is in force, what comes and what was."""
    rule = rule_or_404(code)
    may_change = request.user.has_perm(CHANGE)
    new = Button(label=_("Новая запись"), url=reverse("legal_change", args=[code]))
    context = {
        "code": code,
        "facts": _facts(rule),
        "records": records_of(code, timezone.localdate()),
        "waiting": list(_waiting().filter(arguments__code=code)),
        "may_change": may_change,
        "buttons": [new] if may_change else [],
    }
    return desk_page(request, "tenants/legal/rule.html", context, title=rule.label, icon=ICON)


def rule_or_404(code: str) -> Rule:
    if code not in RULES:
        raise Http404
    return RULES[code]


def _waiting() -> QuerySet[Proposal]:
    return Proposal.objects.filter(kind=Proposal.Kind.LEGAL, state=Proposal.State.WAITING)


def _facts(rule: Rule) -> list[tuple[str, str]]:
    kinds = {kind.value: str(kind.label) for kind in GasCompany.Kind}
    said = rule.range_said
    facts = [
        (_("Что записывают"), said[:1].upper() + said[1:] if said else _kind_said(rule)),
        (_("Единица"), rule.unit_said),
        (_("Какие страницы меняет"), rule.shows),
        (_("Кого касается"), ", ".join(kinds[kind] for kind in kinds if kind in rule.kinds)),
        (_("Можно отменить"), _("да") if rule.may_end else _("нет")),
        (
            _("Своё у\u00a0компании"),
            ", ".join(kinds[kind] for kind in kinds if kind in rule.own_kinds)
            or _("не\u00a0бывает"),
        ),
    ]
    return [(label, value) for label, value in facts if value]


def _kind_said(rule: Rule) -> str:
    return _("Одно из\u00a0предложенных значений") if rule.choices else _("День")
