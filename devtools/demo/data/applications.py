"""Applications that wait for the fund's operator: as billing has it, with differences, unknown account."""

import datetime

from django.utils import timezone

SCHEMA, HOST = "yugra", "yugra.gas.localhost"
APPLICATIONS = (
    {
        "address": "Ханты-Мансийск, Мира, 65, кв. 11",
        "account_number": "8600114215",
        "email": "safonova@example.ru",
        "last_name": "Сафонова",
        "first_name": "Ирина",
        "patronymic": "Викторовна",
        "phone": "+79125550101",
        "document_kind": "register_extract",
        "document_number": "КУВИ-001/2021-4471823",
        "document_date": datetime.date(2021, 4, 12),
    },
    {
        "address": "г. Сургут, пр. Ленина, 33, кв. 34",
        "account_number": "8600221006",
        "email": "kazymkina@example.ru",
        "last_name": "Казымкина",
        "first_name": "Мария",
        "patronymic": "Егоровна",
        "phone": "+79125550102",
        "document_kind": "inheritance",
        "document_number": "86 АА 2147305",
        "document_date": datetime.date(2026, 9, 3),
    },
    {
        "address": "Сургут, Ленина 33-9",
        "account_number": "8600229810",
        "email": "petrov@example.ru",
        "last_name": "Петров",
        "first_name": "Андрей",
        "patronymic": "",
        "phone": "+73462550103",
        "document_kind": "state_registration",
        "document_number": "86-АБ 501267",
        "document_date": datetime.date(2014, 6, 20),
    },
)


def applications_create() -> None:
    """Store the applications, each confirmed a day after the one before; once."""
    from cabinet.accounts.applications.services import application_store
    from cabinet.accounts.models import Application
    from cabinet.subscribers.consents.documents import documents_to_accept
    from cabinet.subscribers.consents.services import consents_give
    from portal.http.addresses import RequestOrigin
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    company = GasCompany.objects.get(schema_name=SCHEMA)
    with in_company(company):
        if Application.objects.exists():
            return
        region = company.regions.get().name
        for days, fields in enumerate(reversed(APPLICATIONS)):
            application = application_store(
                **fields,
                region=region,
                state=Application.State.WAITING,
                reason=Application.Reason.REGISTRATION,
                confirmed_at=timezone.now() - datetime.timedelta(days=days, hours=1),
            )
            Application.objects.filter(pk=application.pk).update(
                created_at=application.confirmed_at
            )
            consents_give(
                application_id=application.pk,
                documents=documents_to_accept(company),
                company=company,
                origin=RequestOrigin(HOST, "127.0.0.1"),
            )
