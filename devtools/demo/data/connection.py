"""Who takes applications for connection in the demo's gas companies, once."""

SETTINGS: dict[str, dict[str, object]] = {
    "pskov": {
        "recipient": "АО «Газпром газораспределение Псков»",
        "recipient_phone": "(8112) 50-04-04",
        "recipient_site": "https://gro-pskov.example/",
        "way": "mail",
        "recipient_email": "zayavki@gro-pskov.example",
    },
    "novgorod": {
        "recipient": "Единый оператор газификации, филиал в Великом Новгороде",
        "recipient_phone": "(8162) 50-04-04",
        "recipient_site": "https://gro-novgorod.example/",
        "way": "hand",
    },
}


def connection_set_up() -> None:
    """Set what the companies' administrators would; what was changed since stays."""
    from wagtail.models import Site

    from cabinet.connection.models import ConnectionSettings
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    for schema, values in SETTINGS.items():
        with in_company(GasCompany.objects.get(schema_name=schema)):
            ConnectionSettings.objects.get_or_create(
                site=Site.objects.get(is_default_site=True), defaults={"is_on": True, **values}
            )
