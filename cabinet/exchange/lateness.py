"""A letter to those who may load a package when none came: once for each day that it was to come."""

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cabinet.exchange.models import LateNotice
from cabinet.exchange.selectors import last_package_at, package_late_since
from portal.formats.dates import long_day, long_moment
from portal.messaging.services import message_send
from portal.staff.login.backends import STAFF_BACKEND
from portal.staff.models import StaffUser
from tenants.legal.working_days import next_working_days
from tenants.models import GasCompany

KIND = "staff_package_late"
SERVE = "exchange.add_package"
# In the company's time: somebody is there to look.
FROM_HOUR, UNTIL_HOUR = 9, 18


def late_notice_send(company: GasCompany) -> int:
    """Write the letters if a package is late, and return how many. The company's schema is entered."""
    if company.status != GasCompany.Status.ACTIVE or not _is_working_time():
        return 0
    since = package_late_since(company)
    if since is None:
        return 0
    with transaction.atomic():
        day = timezone.localdate(since)
        _notice, is_new = LateNotice.objects.get_or_create(expected_on=day)
        return _letters(company, day) if is_new else 0


def _is_working_time() -> bool:
    now = timezone.localtime()
    today: datetime.date = now.date()
    return FROM_HOUR <= now.hour < UNTIL_HOUR and next_working_days([today])[today] == today


def _letters(company: GasCompany, day: datetime.date) -> int:
    people = StaffUser.objects.with_perm(SERVE, backend=STAFF_BACKEND, include_superusers=False)
    addresses = people.filter(is_active=True, central_actor="").exclude(email="")
    last = last_package_at(company)
    context = {
        "company_name": company.name,
        "expected_on": long_day(day),
        "last_at": long_moment(last) if last else "",
        "url": f"{company.url}{reverse('exchange_packages')}",
        "upload_url": f"{company.url}{reverse('exchange_upload')}",
    }
    found = sorted(set(addresses.values_list("email", flat=True)))
    for address in found:
        message_send(kind=KIND, recipient=address, context=context)
    return len(found)
