import datetime

from django.db.models import Max, OuterRef, Subquery

from cabinet.exchange.models import Package
from tenants.models import GasCompany


def last_package_at(company: GasCompany) -> datetime.datetime | None:
    """When billing's last package was loaded. The company's schema is entered."""
    applied = Package.objects.filter(state=Package.State.APPLIED)
    moment: datetime.datetime | None = applied.aggregate(last=Max("applied_at"))["last"]
    return moment


def packages_stuck(company: GasCompany) -> int:
    """Packages that were refused or interrupted at their last attempt, of those since the last loaded one."""
    last_state = (
        Package.objects.filter(package_id=OuterRef("package_id"))
        .order_by("-received_at", "-pk")
        .values("state")[:1]
    )
    stuck = Package.objects.annotate(last_state=Subquery(last_state)).filter(
        last_state__in=[Package.State.REFUSED, Package.State.INTERRUPTED]
    )
    loaded = last_package_at(company)
    if loaded is not None:
        stuck = stuck.filter(received_at__gt=loaded)
    return stuck.values("package_id").distinct().count()
