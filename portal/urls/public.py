"""The base host: choice of region, central office."""

from django.urls import path, re_path

from cms_pages.regions.views import choose_region, page_of_a_company
from cms_pages.views import image
from portal.urls.common import handler400, handler403, handler404, handler500
from portal.urls.common import urlpatterns as common
from portal.urls.demo import urlpatterns as demo

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", choose_region, name="choose_region"),
    re_path(r"^(?:cabinet|guest)/", page_of_a_company),
    # Of what the central office writes for the companies.
    path("media/images/<path:name>", image, name="image"),
    *demo,
    *common,
]
