"""`/api/exchange/v1/`: the API of docs/exchange-format.md, its OpenAPI document, a page about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI

from cabinet.exchange.api import applications, exports, packages
from cabinet.exchange.api.errors import errors_answer
from cabinet.exchange.export_kinds import KINDS
from cabinet.exchange.models import Scope

api = NinjaAPI(
    title="Обмен с биллингом",
    version="1",
    description="Пакеты от биллинга и выгрузка для него. Ключ — в заголовке Authorization: Bearer.",
    urls_namespace="exchange_api",
    docs_url=None,
)
api.add_router("", packages.router)
api.add_router("", exports.router)
api.add_router("", applications.router)
errors_answer(api)

_ERRORS = (
    (400, _("передача оборвалась, или тело запроса — не JSON: передайте ещё раз")),
    (401, _("ключа нет, или он неверен, отозван, истёк")),
    (403, _("ключ другой компании, или ему не хватает права")),
    (404, _("такого пакета, заявки или документа нет")),
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
        "scopes": Scope.choices,
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


urlpatterns = [
    path("", api_page, name="exchange_api_page"),
    path("", api.urls),
]
