"""The equipment and the papers that a new gas company begins with; it may change all of them."""

from decimal import Decimal

from cabinet.connection.models import EquipmentType, PaperType
from tenants.models import GasCompany

# Name, and what one burns at most by its passport, m³/h; None: by its power.
_EQUIPMENT: tuple[tuple[str, str | None], ...] = (
    ("Плита с духовкой, 4 горелки", "1.20"),
    ("Плита с духовкой, 2 горелки", "0.70"),
    ("Варочная панель, 4 горелки", "0.90"),
    ("Духовой шкаф", "0.40"),
    ("Проточный водонагреватель (колонка), 10–11 л/мин", "2.10"),
    ("Проточный водонагреватель (колонка), 13–14 л/мин", "2.80"),
    ("Котёл отопления", None),
    ("Котёл двухконтурный: отопление и горячая вода", None),
    ("Накопительный водонагреватель", None),
    ("Газовый конвектор", None),
    ("Другое оборудование", None),
)
_When = PaperType.When
# Name, hint, when it is asked for, whether an application waits for it (ПП 1547, point 16).
_PAPERS: tuple[tuple[str, str, str, bool], ...] = (
    (
        "Ситуационный план",
        "Где стоит дом: участок на карте с улицей и соседями. Подойдёт снимок экрана публичной кадастровой "
        "карты, на котором отмечен дом.",
        _When.ALWAYS,
        True,
    ),
    (
        "Документ о праве на участок или дом",
        "Выписка из ЕГРН, свидетельство или договор. Если подключаете дом, лучше приложить и на дом, и на "
        "участок.",
        _When.ALWAYS,
        True,
    ),
    (
        "Документ, по которому возникло право",
        "Если в ЕГРН записи ещё нет: решение о выделении участка, договор, свидетельство о наследстве, "
        "решение суда.",
        _When.UNREGISTERED,
        True,
    ),
    (
        "Договор аренды или другого пользования участком",
        "Со всеми дополнительными соглашениями.",
        _When.RENT,
        True,
    ),
    (
        "Согласие остальных собственников",
        "В простой письменной форме, с подписью каждого совершеннолетнего собственника.",
        _When.SHARED,
        True,
    ),
    (
        "Доверенность или другой документ о полномочиях",
        "За ребёнка — свидетельство о рождении, за подопечного — решение об опеке.",
        _When.AGENT,
        True,
    ),
    (
        "Расчёт максимального часового расхода газа",
        "Его составляет проектная организация или тот, кто рассматривает заявку.",
        _When.LARGE_FLOW,
        True,
    ),
    (
        "Согласие садового товарищества",
        "Нужно, если газопровод принадлежит товариществу.",
        _When.GARDEN,
        False,
    ),
    (
        "Топографическая карта участка, масштаб 1:500",
        "Для жилого и садового дома не обязательна, но ускоряет расчёт.",
        _When.ALWAYS,
        False,
    ),
    (
        "Согласие основного абонента",
        "Если подключаетесь не к уличной сети, а к газопроводу соседа или предприятия.",
        _When.ALWAYS,
        False,
    ),
    (
        "Договор о комплексном развитии территории",
        "Копия, если дом строится по такому договору.",
        _When.ALWAYS,
        False,
    ),
)


def connection_create(company: GasCompany) -> None:
    """Give a new gas company its equipment and its checklist (a step of provisioning)."""
    if company.kind != GasCompany.Kind.GAS:
        return
    EquipmentType.objects.bulk_create(
        EquipmentType(name=name, flow=Decimal(flow) if flow else None, order=place * 10)
        for place, (name, flow) in enumerate(_EQUIPMENT, start=1)
    )
    PaperType.objects.bulk_create(
        PaperType(name=name, hint=hint, when=when, is_required=is_required, order=place * 10)
        for place, (name, hint, when, is_required) in enumerate(_PAPERS, start=1)
    )
