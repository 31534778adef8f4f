from django.http import HttpRequest
from ninja.security import HttpBearer

from cabinet.exchange.api.errors import ApiError, unauthorized
from cabinet.exchange.keys.authentication import (
    KeyOfAnother,
    KeyRefused,
    ScopeMissing,
    TooManyFailures,
    key_authenticate,
)
from cabinet.exchange.keys.models import ExchangeKey
from portal.addresses import client_address


class Key(HttpBearer):
    """A key of this company that may do what the operation needs; the view finds it as `request.auth`."""

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
