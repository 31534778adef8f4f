"""The API for people who write programs against it: made from the OpenAPI document, so they agree."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cabinet.exchange.exports.kinds import KINDS
from cabinet.exchange.keys.scopes import SCOPES

_ERRORS = (
    (400, _("передача оборвалась, или тело запроса — не JSON: передайте ещё раз")),
    (401, _("ключа нет, или он неверен, отозван, истёк")),
    (403, _("ключ другой компании, или ему не хватает права")),
    (404, _("такого пакета нет")),
    (406, _("такой формат портал не отдаёт")),
    (409, _("пакет не сочетается с уже загруженными")),
    (411, _("не указана длина пакета")),
    (413, _("пакет слишком велик")),
    (422, _("ошибки в пакете или в параметрах запроса")),
    (
        429,
        _("с этого адреса слишком много неверных ключей: подождите, сколько сказано в Retry-After"),
    ),
    (503, _("портал обновляется: повторите через минуту")),
    (507, _("на портале нет места: повторите позже")),
)


def api_page(request: HttpRequest) -> HttpResponse:
    from cabinet.exchange.api.urls import api

    schema = api.get_openapi_schema(path_prefix=reverse("exchange_api_page"))
    context = {
        "base": request.build_absolute_uri(reverse("exchange_api_page")).rstrip("/"),
        "operations": [
            _operation(path, method, content)
            for path, methods in schema["paths"].items()
            for method, content in methods.items()
        ],
        "package_fields": schema["components"]["schemas"]["PackageOut"]["properties"],
        "kinds": KINDS.values(),
        "scopes": SCOPES,
        "errors": _ERRORS,
    }
    return render(request, "exchange/api.html", context)


def _operation(path: str, method: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "method": method.upper(),
        "path": path,
        "summary": content["summary"],
        "description": content.get("description", ""),
        "parameters": content.get("parameters", []),
        "statuses": sorted(str(status) for status in content["responses"]),
    }
