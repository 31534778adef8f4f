"""The exchange on the first page of the admin."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.desk.views import SEND
from cabinet.exchange.exports import exports_overview
from cabinet.exchange.models import Package
from cabinet.exchange.selectors import package_late_since, packages_failed
from portal.connection import current_schema
from portal.staff.admin_home_items import Action
from tenants.opening.checks import Check

# From Friday evening to Monday morning, and a little more.
_DAYS = 3
_SHOWN = 5
_STALE = datetime.timedelta(days=1)


class ExchangePanel(Component):
    """Packages that failed and were not sent again, rows that billing does not take, the last success."""

    name = "exchange"
    template_name = "exchange/desk/panel.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        now = timezone.now()
        since = now - datetime.timedelta(days=_DAYS)
        failed = packages_failed(since)
        return {
            "failed": failed[:_SHOWN],
            "failed_count": failed.count(),
            "late_since": package_late_since(parent_context["request"].tenant),
            "since": since,
            "stale": [
                one
                for one in exports_overview()
                if one.waiting_since and one.waiting_since < now - _STALE
            ],
            "last": Package.objects.filter(state=Package.State.APPLIED)
            .order_by("-applied_at")
            .first(),
        }


ACCOUNTS_CAME = Check(
    code="accounts",
    title=_("Лицевые счета пришли из\u00a0биллинга"),
    hint=_("Создайте ключ обмена и\u00a0загрузите первый пакет: файлом или по\u00a0API."),
    is_done=lambda company: (
        Package.objects.filter(state=Package.State.APPLIED).exists()
        and PersonalAccount.objects.exists()
    ),
    order=20,
    address=lambda: reverse("exchange_packages"),
)


def exchange_home_items(request: HttpRequest) -> Iterator[Action]:
    if current_schema() != "public" and request.user.has_perm(SEND):
        url = reverse("exchange_upload")
        yield Action(title=_("Загрузить пакет биллинга"), url=url, icon="upload")
