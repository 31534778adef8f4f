"""The services that a new gas company begins with; it may change all of them."""

from typing import Any

from cabinet.appointments.models import AppointmentService
from tenants.models import GasCompany

_PASSPORT = "Паспорт"
_TITLE = "Выписка из ЕГРН или другой документ о праве на дом или квартиру"

SERVICES: tuple[dict[str, Any], ...] = (
    {
        "name": "Заключение договора поставки",
        "hint": "Для нового дома или квартиры, куда только что пустили газ.",
        "minutes": 30,
        "bring": (
            _PASSPORT,
            _TITLE,
            "Договор на техническое обслуживание газового оборудования",
            "Акт о пломбировке и паспорт счётчика",
        ),
    },
    {
        "name": "Перерасчёт и начисления",
        "hint": "Если сумма в квитанции непонятна, платёж не учтён или нужна рассрочка.",
        "minutes": 15,
        "bring": (_PASSPORT, "Квитанции и чеки за спорные месяцы"),
    },
    {
        "name": "Опломбировка и поверка счётчика",
        "hint": "Заявка мастеру и документы о поверке или замене счётчика.",
        "minutes": 15,
        "bring": (_PASSPORT, "Паспорт счётчика", "Свидетельство о поверке, если она была"),
    },
    {
        "name": "Справки и сверка",
        "hint": "Справка о расчётах, акт сверки, копия квитанции.",
        "minutes": 10,
        "bring": (_PASSPORT,),
    },
    {
        "name": "Смена собственника",
        "hint": "После покупки, наследства или дарения.",
        "minutes": 20,
        "bring": (_PASSPORT, _TITLE, "Показание счётчика на день перехода права"),
    },
)


def services_create(company: GasCompany) -> None:
    """Give a new gas company its first services, in the current schema (a step of provisioning)."""
    if company.kind != GasCompany.Kind.GAS:
        return
    for place, values in enumerate(SERVICES, start=1):
        bring = "\n".join(values["bring"])
        AppointmentService.objects.create(**{"order": place * 10, **values, "bring": bring})
