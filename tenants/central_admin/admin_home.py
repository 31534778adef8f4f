from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.staff.admin_home_items import Action


def office_home_items(request: HttpRequest) -> Iterator[Action]:
    """On a company's host nobody has these permissions: `StaffUser.has_perm`."""
    if request.user.has_perm("tenants.add_gascompany"):
        url = reverse("tenants_gascompany_modeladmin_create")
        yield Action(title=_("Открыть компанию"), url=url, icon="plus")
    if request.user.has_perm("tenants.view_gascompany"):
        yield Action(title=_("Все компании"), url=reverse("fleet"), icon="table")
