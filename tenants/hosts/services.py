"""Check hosts when somebody asks and every day, and keep what was found beside them."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.jobs import enqueue_on_commit
from tenants.fleet import Counter
from tenants.hosts.probe import host_probe
from tenants.models import Domain, GasCompany

ENDS_SOON = datetime.timedelta(days=14)
# A check that was asked for this long ago has been lost; the button asks again.
LOST_AFTER = datetime.timedelta(minutes=2)


def company_proof(company: GasCompany) -> str:
    """Return what a company's host says of itself: it names nobody, and only the portal knows it."""
    return salted_hmac("tenants.hosts", company.schema_name, algorithm="sha256").hexdigest()


@transaction.atomic
def host_check_request(*, domain_id: int) -> None:
    """Ask a worker to check a host. Not by `save`: nobody's pages change with it."""
    Domain.objects.filter(pk=domain_id).update(check_asked_at=timezone.now())
    enqueue_on_commit("tenants.tasks.host_check", domain_id)


def host_check(*, domain_id: int) -> None:
    """Check a host and write down what was found; the network is asked outside a transaction."""
    host = Domain.objects.select_related("tenant").filter(pk=domain_id).first()
    if host is None:
        return
    found = host_probe(host.domain, expected=company_proof(host.tenant))
    Domain.objects.filter(pk=host.pk, domain=host.domain).update(
        checked_at=timezone.now(),
        check_problem=found.problem[:300],
        certificate_until=found.certificate_until,
    )


def hosts_check() -> None:
    """Check every host of the companies at work, one after another."""
    hosts = Domain.objects.filter(tenant__status__in=GasCompany.AT_WORK)
    for number in list(hosts.order_by("pk").values_list("pk", flat=True)):
        host_check(domain_id=number)


def is_being_checked(host: Domain) -> bool:
    asked, done = host.check_asked_at, host.checked_at
    if asked is None or (done and done >= asked):
        return False
    return bool(timezone.now() - asked < LOST_AFTER)


def hosts_in_trouble(company: GasCompany) -> int:
    """Return how many hosts do not answer, or have a certificate that ends within two weeks."""
    ends_soon = Q(certificate_until__lt=timezone.now() + ENDS_SOON)
    hosts = Domain.objects.filter(tenant=company, checked_at__isnull=False)
    return int(hosts.filter(~Q(check_problem="") | ends_soon).count())


COUNTER = Counter(
    code="hosts",
    label="Адресов сайта с ошибкой",
    count=hosts_in_trouble,
    order=78,
    alarm=True,
    central_rows="tenants_gascompany_modeladmin_inspect",
)
