"""`/api/exchange/v1/`: the API of docs/exchange-format.md, its OpenAPI document, and a page for people."""

from django.urls import path
from ninja import NinjaAPI

from cabinet.exchange.api import exports, packages
from cabinet.exchange.api.errors import errors_answer
from cabinet.exchange.api.page import api_page

api = NinjaAPI(
    title="Обмен с биллингом",
    version="1",
    description="Пакеты от биллинга и выгрузка для него. Ключ — в заголовке Authorization: Bearer.",
    urls_namespace="exchange_api",
    docs_url=None,
)
api.add_router("", packages.router)
api.add_router("", exports.router)
errors_answer(api)

urlpatterns = [
    path("", api_page, name="exchange_api_page"),
    path("", api.urls),
]
