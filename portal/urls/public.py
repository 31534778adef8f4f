"""The base host: choice of region, central office."""

from django.urls import path

from cms_pages.views import image
from portal.urls.common import handler400, handler403, handler404, handler500
from portal.urls.common import urlpatterns as common
from portal.urls.demo import urlpatterns as demo
from tenants.views import choose_region

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", choose_region, name="choose_region"),
    # Of what the central office writes for the companies.
    path("media/images/<path:name>", image, name="image"),
    *demo,
    *common,
]
