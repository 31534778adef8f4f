"""What the central office has to do now: sentences, each with the page on which it is done."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.formats.dates import long_day
from portal.staff.models import StaffUser
from tenants.fleet import MISSING, Counter, counters
from tenants.hosts.services import COUNTER as HOSTS
from tenants.hosts.services import ENDS_SOON
from tenants.legal.alarms import legal_alarms
from tenants.models import Domain, GasCompany, Proposal, ProvisioningRun, SharedDelivery

SHOWN = 8
# Counting goes on every five minutes.
_COUNTED_WITHIN = datetime.timedelta(hours=1)
# A run that failed, and that nobody has begun anew since, was given up.
_RUN_MATTERS = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Alarm:
    """A sentence about `subject`, which leads to `url`."""

    subject: str
    text: str
    url: str


@dataclass(frozen=True)
class AlarmGroup:
    """Alarms of one kind. `more_url`: the page with all of them."""

    title: str
    alarms: Sequence[Alarm]
    more_url: str = ""
    is_bad: bool = True
    shown: Sequence[Alarm] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", self.alarms[:SHOWN])

    @property
    def more(self) -> int:
        return len(self.alarms) - len(self.shown)


def company_url(company: GasCompany) -> str:
    return reverse("tenants_gascompany_modeladmin_inspect", args=[company.pk])


def office_alarms(user: StaffUser, companies: Sequence[GasCompany]) -> list[AlarmGroup]:
    """Return what needs a hand now, of what this person may see; groups without alarms are left out.

    `companies`: all, with their snapshots. The number of queries does not grow with them.
    """
    today = timezone.localdate()
    groups = [
        *(_proposals() if user.has_perm("tenants.view_proposal") else ()),
        _deliveries(user),
        _runs(),
        *_states(companies, today),
        *(_legal(today) if user.has_perm("tenants.view_legalrecord") else ()),
        _hosts(),
        *_counted(companies),
    ]
    return [group for group in groups if group.alarms]


def _proposals() -> Iterator[AlarmGroup]:
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING).order_by("proposed_at")
    alarms = [
        Alarm(
            str(one),
            _("предложил %(who)s, %(day)s")
            % {"who": one.proposed_by, "day": long_day(timezone.localtime(one.proposed_at))},
            reverse("proposal", args=[one.pk]),
        )
        for one in waiting
    ]
    yield AlarmGroup(_("Ждут второго администратора"), alarms, reverse("proposals"))


def _deliveries(user: StaffUser) -> AlarmGroup:
    failed = SharedDelivery.objects.filter(state=SharedDelivery.State.FAILED)
    by_item: dict[tuple[str, str], list[str]] = {}
    for one in failed.select_related("company", "version").order_by("version__title", "pk"):
        by_item.setdefault((str(one.item), one.version.title), []).append(one.company.name)
    may_send = user.has_perm("cms_pages.change_shareditem")
    alarms = [
        Alarm(
            f"«{title}»",
            _("не\u00a0доставлено: %s") % _listed(names),
            reverse("shared:send", args=[item]) if may_send else "",
        )
        for (item, title), names in by_item.items()
    ]
    return AlarmGroup(_("Общие материалы не\u00a0доставлены"), alarms)


def _runs() -> AlarmGroup:
    later = ProvisioningRun.objects.filter(
        schema_name=OuterRef("schema_name"), pk__gt=OuterRef("pk")
    )
    failed = ProvisioningRun.objects.filter(
        ~Exists(later),
        state=ProvisioningRun.State.FAILED,
        created_at__gt=timezone.now() - _RUN_MATTERS,
    )
    alarms = [
        Alarm(
            str(run),
            run.failure[:200],
            reverse("tenants_provisioningrun_modeladmin_inspect", args=[run.pk]),
        )
        for run in failed.order_by("-created_at")
    ]
    url = reverse("tenants_provisioningrun_modeladmin_index")
    return AlarmGroup(_("Компанию не\u00a0удалось открыть"), alarms, url)


def _states(companies: Iterable[GasCompany], today: datetime.date) -> Iterator[AlarmGroup]:
    def of(status: str, *, over: bool = False) -> list[Alarm]:
        return [
            Alarm(company.name, _state_said(company), company_url(company))
            for company in companies
            if company.status == status and over == _is_over(company, today)
        ]

    listed = f"{reverse('fleet')}?state="
    status = GasCompany.Status
    suspended = f"{listed}{status.SUSPENDED}"
    yield AlarmGroup(_("Срок приостановки прошёл"), of(status.SUSPENDED, over=True), suspended)
    preparing = f"{listed}{status.PREPARING}"
    yield AlarmGroup(_("Готовятся к\u00a0открытию"), of(status.PREPARING), preparing, is_bad=False)
    yield AlarmGroup(_("Приостановлены"), of(status.SUSPENDED), suspended, is_bad=False)


def _is_over(company: GasCompany, today: datetime.date) -> bool:
    until = company.suspended_until
    return company.status == company.Status.SUSPENDED and until is not None and until <= today


def _state_said(company: GasCompany) -> str:
    snapshot = getattr(company, "fleet_snapshot", None)
    if company.status == company.Status.PREPARING and snapshot:
        missing = snapshot.figures.get(MISSING)
        return _("осталось: %s") % missing if missing else _("всё готово, можно открывать")
    if company.status == company.Status.SUSPENDED:
        until = company.suspended_until
        said = [company.suspended_reason, _("до\u00a0%s") % long_day(until) if until else ""]
        return ", ".join(part for part in said if part)
    return ""


def _legal(today: datetime.date) -> Iterator[AlarmGroup]:
    alarms = [Alarm("", alarm.text, alarm.url) for alarm in legal_alarms(today)]
    yield AlarmGroup(_("Правовые нормы"), alarms)


def _hosts() -> AlarmGroup:
    """Return the hosts whose certificate ends soon, or that did not answer as they should."""
    soon = Q(certificate_until__lt=timezone.now() + ENDS_SOON)
    served = Domain.objects.filter(tenant__status__in=GasCompany.AT_WORK)
    alarms = [
        Alarm(
            str(host),
            host.check_problem or _certificate_said(host.certificate_until),
            company_url(host.tenant),
        )
        for host in served.filter(soon | ~Q(check_problem="")).select_related("tenant")
    ]
    return AlarmGroup(_("Адреса сайтов"), alarms)


def _certificate_said(until: datetime.datetime | None) -> str:
    return _("сертификат действует до\u00a0%s") % long_day(until) if until else ""


def _counted(companies: Iterable[GasCompany]) -> Iterator[AlarmGroup]:
    """Yield what tasks have counted: late packages, other failures, and companies not counted."""
    late, failing, uncounted = [], [], []
    for company in companies:
        snapshot = getattr(company, "fleet_snapshot", None)
        if company.status not in GasCompany.AT_WORK:
            continue
        if snapshot is None or snapshot.counted_at < timezone.now() - _COUNTED_WITHIN:
            since = long_day(timezone.localtime(snapshot.counted_at)) if snapshot else ""
            said = _("не\u00a0считали с\u00a0%s") % since if since else _("ещё не\u00a0считали")
            uncounted.append(Alarm(company.name, said, company_url(company)))
            continue
        if moment := snapshot.figures.get("package_late"):
            said = _("ждали к\u00a0%s") % _day_of(moment)
            late.append(Alarm(company.name, said, company_url(company)))
        if said := "; ".join(failures_said(snapshot.figures)):
            failing.append(Alarm(company.name, said, company_url(company)))
    url = f"{reverse('fleet')}?alarms=yes"
    yield AlarmGroup(_("Пакеты биллинга не\u00a0пришли"), late, url)
    yield AlarmGroup(_("Сбои в\u00a0компаниях"), failing, url)
    yield AlarmGroup(_("Показатели не\u00a0обновляются"), uncounted)


def failures_said(figures: dict[str, int | str | None]) -> list[str]:
    """Return the numbers of a snapshot that are bad news, in words."""
    return [
        f"{_in_sentence(counter)}\u00a0— {figure}"
        for counter in counters()
        for figure in [figures.get(counter.code)]
        if counter.alarm and counter is not HOSTS and isinstance(figure, int) and figure
    ]


def _in_sentence(counter: Counter) -> str:
    return counter.label[:1].lower() + counter.label[1:]


def _day_of(moment: int | str) -> str:
    return long_day(timezone.localtime(datetime.datetime.fromisoformat(str(moment))))


def _listed(names: list[str]) -> str:
    if len(names) <= SHOWN:
        return ", ".join(names)
    return _("%(names)s и\u00a0ещё %(more)d") % {
        "names": ", ".join(names[:SHOWN]),
        "more": len(names) - SHOWN,
    }
