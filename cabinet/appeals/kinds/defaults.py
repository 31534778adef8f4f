"""The kinds of appeals that a new company begins with; it may change all of them."""

from typing import Any

from cabinet.appeals.models import AppealField, AppealKind, AppealQuestion
from tenants.models import GasCompany

_CALENDAR = {"term": 10, "term_unit": AppealKind.TermUnit.CALENDAR_DAYS}
_NOT_COUNTED = {
    "text": "Платёж не учтён",
    "hint": "Банки и почта передают платежи до трёх рабочих дней. Если прошло больше, приложите чек.",
}
_OTHER: dict[str, Any] = {
    "name": "Другой вопрос",
    "hint": "Опишите вопрос своими словами — мы передадим его тому, кто им занимается.",
    "order": 900,
}
# For the rows of `questions` and `fields` see the models.
GAS: tuple[dict[str, Any], ...] = (
    {
        "name": "Поверка ПУГ",
        "hint": "ПУГ — это газовый счётчик. Пока срок поверки не истёк, мы считаем по "
        "счётчику, а потом начисляем по нормативу.",
        "files_hint": "Снимок счётчика, акт или свидетельство о поверке.",
        **_CALENDAR,
        "questions": (
            {
                "text": "Поверка счётчика",
                "hint": "Если счётчик уже поверили, приложите свидетельство о поверке.",
            },
            {
                "text": "Замена счётчика",
                "hint": "Приложите акт о замене или снимок нового счётчика.",
            },
            {"text": "Пломбировка счётчика"},
            {
                "text": "Счётчик неисправен",
                "hint": "Напишите, что видно: не крутится, стёкла запотели, пломба сорвана.",
            },
        ),
        "fields": (
            {
                "label": "Удобный день визита",
                "type": AppealField.Type.DATE,
                "hint": "Если нужен мастер. Точное время согласуем по телефону.",
            },
        ),
    },
    {
        "name": "Показания счётчика",
        "hint": "Передать показание можно в разделе «Показания», обращение для этого не нужно.",
        "files_hint": "Снимок счётчика, на котором видны номер и показание.",
        "term": 3,
        "questions": (
            {"text": "Исправить показание"},
            {"text": "Не получается передать показание"},
            {"text": "Другой вопрос о показаниях"},
        ),
        "fields": (
            {
                "label": "Верное показание, м³",
                "type": AppealField.Type.NUMBER,
                "hint": "Если нужно исправить показание.",
            },
        ),
    },
    {
        "name": "Начисления и оплата",
        "files_hint": "Квитанция или чек.",
        **_CALENDAR,
        "questions": (
            {"text": "Непонятна сумма в квитанции"},
            _NOT_COUNTED,
            {"text": "Перерасчёт"},
            {"text": "Рассрочка долга"},
            {"text": "Другой вопрос об оплате"},
        ),
        "fields": ({"label": "За какой месяц", "hint": "Например, ноябрь 2026 года."},),
    },
    {
        "name": "Договор и лицевой счёт",
        "hint": "Сообщите о переменах: от них зависит, сколько мы начисляем.",
        "files_hint": "Документ, который подтверждает перемены.",
        "questions": (
            {
                "text": "Сменился собственник",
                "hint": "Приложите выписку из ЕГРН или договор, где видны новый собственник и адрес.",
            },
            {
                "text": "Изменить количество проживающих",
                "hint": "Приложите справку о составе семьи или выписку из домовой книги.",
            },
            {"text": "Сменить номер телефона"},
            {"text": "Другой вопрос о договоре"},
        ),
    },
    _OTHER,
)
FUND: tuple[dict[str, Any], ...] = (
    {
        "name": "Взносы и квитанции",
        "files_hint": "Квитанция или чек.",
        **_CALENDAR,
        "questions": (
            {"text": "Непонятна сумма в квитанции"},
            _NOT_COUNTED,
            {"text": "Перерасчёт"},
            {"text": "Рассрочка долга"},
            {"text": "Другой вопрос о взносах"},
        ),
        "fields": ({"label": "За какой месяц", "hint": "Например, ноябрь 2026 года."},),
    },
    {
        "name": "Капитальный ремонт дома",
        "hint": "Сроки и виды работ по вашему дому — в разделе «Список работ».",
        "files_hint": "Снимки, на которых видно, о чём вы пишете.",
        "questions": (
            {"text": "Сроки ремонта"},
            {
                "text": "Качество работ",
                "hint": "Напишите, где повреждение: подъезд, этаж, квартира. Приложите снимки.",
            },
            {"text": "Другой вопрос о ремонте"},
        ),
    },
    {
        "name": "Собственность и лицевой счёт",
        "files_hint": "Выписка из ЕГРН или договор.",
        "questions": (
            {
                "text": "Сменился собственник",
                "hint": "Приложите выписку из ЕГРН или договор, где видны новый собственник и адрес.",
            },
            {"text": "Исправить площадь помещения", "hint": "Приложите выписку из ЕГРН."},
            {"text": "Другой вопрос о лицевом счёте"},
        ),
    },
    _OTHER,
)
_OF_KIND = {GasCompany.Kind.GAS: GAS, GasCompany.Kind.CAPITAL_REPAIR: FUND}


def kinds_create(company: GasCompany) -> None:
    """Give a new company its first kinds, in the current schema (a step of provisioning)."""
    for place, values in enumerate(_OF_KIND[GasCompany.Kind(company.kind)], start=1):
        own = {name: value for name, value in values.items() if name not in ("questions", "fields")}
        kind = AppealKind(**{"order": place * 10, **own})
        kind.questions = [AppealQuestion(**row) for row in values.get("questions", ())]
        kind.fields = [AppealField(**row) for row in values.get("fields", ())]
        kind.save()
