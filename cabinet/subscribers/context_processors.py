from typing import Any

from django.http import HttpRequest


def subscriber(request: HttpRequest) -> dict[str, Any]:
    return {"subscriber": getattr(request, "subscriber", None)}
