"""Pages of the demo alone; empty elsewhere."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = (
    [path("demo/", include("devtools.demo.urls"))] if settings.DEMO else []
)
