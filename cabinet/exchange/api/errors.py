"""Keys and errors of the API; every error has one form: `{"error": code, "detail": text in Russian}`."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from cabinet.exchange.keys import (
    KeyOfAnother,
    KeyRefused,
    ScopeMissing,
    TooManyFailures,
    key_authenticate,
)
from cabinet.exchange.models import ExchangeKey
from portal.http.addresses import client_address


class ApiError(Exception):
    def __init__(
        self, status: int, error: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status, self.error, self.detail = status, error, detail
        self.headers = dict(headers or {})
        super().__init__(error)


def json_answer(
    content: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    return JsonResponse(
        content,
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        json_dumps_params={"ensure_ascii": False},
    )


def unauthorized() -> ApiError:
    return ApiError(
        401,
        "unauthorized",
        "Нужен действующий ключ: заголовок Authorization: Bearer КЛЮЧ. Ключи создаёт администратор "
        "компании в разделе «Биллинг».",
        {"WWW-Authenticate": 'Bearer realm="exchange"'},
    )


def errors_answer(api: NinjaAPI) -> None:
    """Register the handlers that answer so."""

    @api.exception_handler(ApiError)
    def answer(request: HttpRequest, error: ApiError) -> HttpResponse:
        content = {"error": error.error, "detail": error.detail}
        return json_answer(content, error.status, error.headers)

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return answer(request, unauthorized())

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        """Answer what ninja itself refuses: a body that is no JSON."""
        return answer(request, ApiError(error.status_code, "body", "Тело запроса — не JSON."))

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return answer(request, ApiError(413, "too_large", "Тело запроса слишком велико."))

    @api.exception_handler(UnreadablePostError)
    def cut_short(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
        detail = "Передача оборвалась: пришли не все байты. Передайте ещё раз."
        return answer(request, ApiError(400, "cut_short", detail))

    @api.exception_handler(ValidationError)
    def wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # `loc`: ("query", "limit"), ("body", "cursors", "readings").
        names = sorted({str(one["loc"][-1]) for one in error.errors})
        detail = (
            f"Неверные параметры: {', '.join(names)}. Описание — на странице /api/exchange/v1/."
        )
        return answer(request, ApiError(422, "parameters", detail))


class Key(HttpBearer):
    """A valid key of this company with a scope; the view finds it as `request.auth`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ExchangeKey:
        try:
            return key_authenticate(token, scope=self.scope, address=client_address(request))
        except KeyRefused as error:
            raise unauthorized() from error
        except KeyOfAnother as error:
            raise ApiError(
                403, "another_company", "Это ключ другой компании: проверьте адрес."
            ) from error
        except ScopeMissing as error:
            raise ApiError(
                403, "scope", f"Этому ключу не разрешено: нужно право {self.scope}."
            ) from error
        except TooManyFailures as error:
            raise ApiError(
                429,
                "too_many_failures",
                "С этого адреса приходит слишком много неверных ключей.",
                {"Retry-After": str(error.seconds)},
            ) from error
