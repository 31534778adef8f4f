"""What operators find on the first page of the admin (portal.staff.admin_home_items)."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cabinet.exchange.desk.access import SEND
from portal.connection import current_schema
from portal.staff.admin_home_items import Action


def exchange_home_items(request: HttpRequest) -> Iterator[Action]:
    if current_schema() != "public" and request.user.has_perm(SEND):
        url = reverse("exchange_upload")
        yield Action(title=_("Загрузить пакет биллинга"), url=url, icon="upload")
