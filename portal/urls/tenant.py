"""A company's host (docs/architecture.md lists the addresses)."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls

from cms_pages.views import brand_css, brand_logo
from portal.urls.common import handler400, handler403, handler404, handler500
from portal.urls.common import urlpatterns as common
from portal.urls.demo import urlpatterns as demo

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("brand.css", brand_css, name="brand_css"),
    path("brand/logo", brand_logo, name="brand_logo"),
    path("", include("cms_pages.urls")),
    path("", include("tenants.urls")),
    path("cabinet/", include("cabinet.subscribers.urls")),
    path("cabinet/", include("cabinet.accounts.urls")),
    path("cabinet/", include("cabinet.billing.urls")),
    path("cabinet/", include("cabinet.bills.urls")),
    path("cabinet/", include("cabinet.houses.urls")),
    path("", include("cabinet.statements.urls")),
    path("", include("cabinet.payments.urls")),
    path("", include("cabinet.appeals.urls")),
    path("", include("cabinet.appointments.urls")),
    path("", include("cabinet.connection.urls")),
    path("cabinet/", include("cabinet.layout.urls")),
    path("", include("cabinet.meters.urls")),
    path("", include("cabinet.notifications.urls")),
    path("", include("cabinet.subscriptions.urls")),
    path("", include("cabinet.max.urls")),
    path("api/exchange/v1/", include("cabinet.exchange.api.urls")),
    *demo,
    *common,
    # Staff have one way in. Wagtail's login for pages that are closed is another.
    path(
        "_util/login/", RedirectView.as_view(pattern_name="wagtailadmin_login", query_string=True)
    ),
    path("", include(wagtail_urls)),
]
