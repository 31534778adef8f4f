"""A key of the exchange that everybody who starts the demo may know."""

from devtools.demo.companies import COMPANIES

_PUBLIC_ID, _SECRET = "demo", "demo-portal"
NAME = "Биллинг (демонстрация)"


def exchange_token(schema: str) -> str:
    return f"{schema}.{_PUBLIC_ID}.{_SECRET}"


def exchange_keys_create() -> None:
    """In every company one that may do everything. Those that exist stay as they are."""
    from django_tenants.utils import schema_context

    from cabinet.exchange.keys.models import ExchangeKey
    from cabinet.exchange.keys.scopes import SCOPES
    from cabinet.exchange.keys.services import secret_digest

    for company in COMPANIES:
        with schema_context(company.schema):
            ExchangeKey.objects.get_or_create(
                public_id=_PUBLIC_ID,
                defaults={
                    "name": NAME,
                    "digest": secret_digest(_SECRET),
                    "scopes": list(SCOPES),
                    "created_by": "director",
                },
            )
