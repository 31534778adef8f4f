"""For gunicorn: the portal on a benchmark's or a test's database, or a bare view in place of all of it."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]
settings.HOST_CACHE_SECONDS = 5  # as in production
settings.PRIVATE_ROOT = Path(os.environ.get("BENCH_PRIVATE_ROOT", settings.PRIVATE_ROOT))
if os.environ.get("BENCH_BARE"):
    settings.MIDDLEWARE = []
    settings.ROOT_URLCONF = __name__

_body = b"x" * int(os.environ["BENCH_BYTES"])


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_body)


urlpatterns = [path("", bare)]
application = get_wsgi_application()
