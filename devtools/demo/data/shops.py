"""The companies' shops at the stand-in of YooKassa, and what the portal is told of them."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from devtools.demo.data.companies import COMPANIES, REQUISITES, DemoCompany

# By the company's schema: what its shop at the provider is, and what its settings are.
_NUMBERS = {"pskov": "100601", "novgorod": "100602", "yugra": "100603"}
_SETTINGS: dict[str, dict[str, Any]] = {
    "pskov": {"shows_sbp_qr": True},
    "yugra": {
        "commission_collector": "portal",
        "commission_percent": Decimal("1.5"),
        "commission_min": Decimal(15),
        "commission_max": Decimal(15_000),
    },
}

# Manual 2, figure 3.2.3: the fund's way without commission.
_TEXTS: dict[str, dict[str, str]] = {
    "yugra": {
        "free_way_title": "Сбербанк Онлайн, владельцам карт Сбербанка",
        "free_way_url": "https://online.sberbank.ru/",
    }
}


def shop_key(schema: str) -> str:
    """Return the secret key of a shop that exists in the demo alone."""
    return f"test_demo-{schema}"


def sandbox_shops_write(path: Path, *, port: int) -> Path:
    """Write the shops for `python -m devtools.sandbox`; the portal listens on `port`."""
    shops = {_NUMBERS[company.schema]: _at_provider(company, port) for company in COMPANIES}
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(shops, file, ensure_ascii=False)
    return path


def _at_provider(company: DemoCompany, port: int) -> dict[str, Any]:
    return {
        "secret": shop_key(company.schema),
        "company": company.schema,
        "inn": REQUISITES[company.schema]["inn"],
        "gateway": f"{_NUMBERS[company.schema]}7",
        "test": True,
        "enabled": True,
        "fiscalization": False,
        "utilities": True,
        "autopay": company.kind == "gas",
        "qr": bool(_SETTINGS.get(company.schema, {}).get("shows_sbp_qr")),
        "methods": ["bank_card", "sbp"],
        "webhook": f"http://{company.host}:{port}/webhooks/yookassa/",
    }


def shops_create() -> None:
    """Set up each company's shop as its administrator would, once; what was changed since stays."""
    from wagtail.models import Site

    from cabinet.payments.models import PaymentTexts
    from cabinet.payments.registry import shop_of_company
    from cabinet.payments.shops import shop_change, shop_connect, shop_switch_on
    from portal.staff.models import StaffUser
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    for company in COMPANIES:
        with in_company(GasCompany.objects.get(schema_name=company.schema)):
            shop = shop_of_company()
            if shop and shop.shop_id:
                continue
            director = StaffUser.objects.get(username="director")
            key = shop_key(company.schema)
            shop_connect(shop_id=_NUMBERS[company.schema], secret_key=key, actor=director)
            shop_change(values=_SETTINGS.get(company.schema, {}), actor=director)
            shop_switch_on(actor=director)
            site = Site.objects.get(is_default_site=True)
            PaymentTexts.objects.update_or_create(
                site=site, defaults=_TEXTS.get(company.schema, {})
            )
