"""Settings of gunicorn in the demo and production: `gunicorn --config python:portal.gunicorn portal.wsgi`."""

import gc
import importlib
from typing import Any

preload_app = True
control_socket_disable = True
# No visitor's header becomes SCRIPT_NAME, PATH_INFO or the scheme: Django's settings say what is trusted.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}


def when_ready(server: Any) -> None:
    """Take what all workers share out of the garbage collector, before they are forked.

    A full collection of a worker then neither walks through the code of Django and Wagtail (a pause of
    some 0.2 s) nor copies the pages of memory in which it lies.
    """
    from django.conf import settings

    for urls in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        importlib.import_module(urls)
    gc.collect()
    gc.freeze()
