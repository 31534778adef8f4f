"""The gateways that there are, and the one of the company whose schema is entered."""

from cabinet.payments.base import PaymentGateway
from cabinet.payments.models import Shop

_GATEWAYS: dict[str, type[PaymentGateway]] = {}


class NoShop(Exception):
    """The company takes no payments here: no shop is set up, or it is switched off."""


def gateway_register(gateway: type[PaymentGateway]) -> None:
    _GATEWAYS[gateway.code] = gateway


def shop_of_company() -> Shop | None:
    """Return the shop of the company whose schema is entered, set up or not."""
    shop: Shop | None = Shop.objects.filter(site__is_default_site=True).first()
    return shop


def payments_are_taken() -> bool:
    """Return whether the company takes payments here. One query."""
    shop = shop_of_company()
    return bool(shop and shop.is_on and shop.shop_id and shop.secret_key)


def gateway_of_company(*, for_new: bool = True) -> PaymentGateway:
    """Return a gateway with the credentials of the company whose schema is entered. Raises NoShop.

    `for_new`: for taking a new payment, which a shop that is switched off does not; what was begun goes on.
    """
    shop = shop_of_company()
    if shop is None or not shop.shop_id or not shop.secret_key or (for_new and not shop.is_on):
        raise NoShop
    return gateway_made(shop.provider, shop_id=shop.shop_id, secret_key=shop.secret_key)


def gateway_made(provider: str, *, shop_id: str, secret_key: str) -> PaymentGateway:
    """Return a gateway with credentials that are perhaps not the company's yet."""
    return _GATEWAYS[provider](shop_id=shop_id, secret_key=secret_key)
