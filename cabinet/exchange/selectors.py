import datetime

from django.db.models import Max

from cabinet.exchange.models import Package
from tenants.models import GasCompany


def last_package_at(company: GasCompany) -> datetime.datetime | None:
    """When billing's last package was loaded. The company's schema is entered."""
    applied = Package.objects.filter(state=Package.State.APPLIED)
    moment: datetime.datetime | None = applied.aggregate(last=Max("applied_at"))["last"]
    return moment
