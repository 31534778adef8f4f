"""What operators find on the first page of the admin (portal.staff.admin_home_items)."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.staff.admin_home_items import Action
from tenants.models import GasCompany
from tenants.selectors import current_company


def reading_home_items(request: HttpRequest) -> Iterator[Action]:
    """The readings that were sent, where there are meters to read."""
    company = current_company()
    if company is None or company.kind != GasCompany.Kind.GAS:
        return
    if request.user.has_perm("meters.view_submission"):
        url = reverse("meters_submission_modeladmin_index")
        yield Action(title=_("Показания абонентов"), url=url, icon="order")
