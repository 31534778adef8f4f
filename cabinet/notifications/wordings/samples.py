"""What letters say in a preview: people, accounts and days that do not exist."""

import datetime
from typing import Any

from django.template.loader import render_to_string

from portal.messaging.letterhead import Letterhead

_DAY = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)
_ACCOUNT = "805107000123"
_LINK = "https://company.ru/cabinet/"
_APPOINTMENT: dict[str, Any] = {
    "heading": "Вы записаны на приём",
    "before": ["Ждём вас 27 ноября с 10:00 до 10:15."],
    "after": ["Если планы изменятся, перенесите или отмените запись."],
    "button": "Открыть запись",
    "number": "4821",
    "service_name": "Замена счётчика: документы",
    "note": "Вход со двора, второй этаж",
}
_AUTOPAY: dict[str, Any] = {"button": "Открыть автоплатёж"}

# What the letters of several kinds have under one name.
_COMMON: dict[str, Any] = {
    "account_number": _ACCOUNT,
    "address": "Псков, ул. Советская, 15",
    "amount": "1 240,50 ₽",
    "answer": "Мы проверили показания и пересчитали ноябрь: новая сумма уже видна в кабинете.",
    "bills_as": "link",
    "bring": ["паспорт", "паспорт счётчика"],
    "centre_name": "Центр обслуживания на Советской",
    "centre_phone": {"number": "8 (8112) 59-50-50", "href": "+78112595050"},
    "change_url": _LINK,
    "channel": "по телефону",
    "code": "481 590",
    "contact": "a…@mail.ru",
    "day": "27 ноября 2026 г.",
    "days": 3,
    "due": "10 декабря",
    "ends_on": "31 декабря 2026 г.",
    "hours": 24,
    "inviter": "Елена О.",
    "kind_name": "Начисления и оплата",
    "label": "Дача",
    "lasts": "три дня",
    "map_url": _LINK,
    "minutes": 60,
    "month": "ноябрь 2026 г.",
    "name": "Елена",
    "new_value": "e…@mail.ru",
    "number": "1024",
    "off_url": _LINK,
    "password": "gT7-kk2-Wq9",
    "proof": "по номеру счётчика",
    "reason": "Номер счёта не совпадает с квитанцией.",
    "recipient": "Газораспределение Псков",
    "recipient_number": "ГР-118/26",
    "recover_url": _LINK,
    "roles": "Редактор",
    "said": "к оплате 1 240,50 ₽",
    "service": "Замена счётчика: документы",
    "settings_url": _LINK,
    "state": "debt",
    "sum": "1 240,50 ₽",
    "summary": "С 1 по 5 декабря меняем участок газопровода на улице Труда.",
    "time": "10:00",
    "title": "Ремонт газопровода на улице Труда",
    "until": "25 ноября",
    "url": _LINK,
    "username": "elena",
    "when_short": "27.11 в 10:00",
    "acknowledgement": {
        "account_number": _ACCOUNT,
        "spoken_number": "118-204",
        "received": "20 ноября 2026 г. в 12:30",
        "counts_for_text": "Учтём в расчёте за ноябрь",
        "readings": [{"model": "Счётчик ВК-G4", "number": "0045812", "value": 9127}],
    },
}

_OWN: dict[str, dict[str, Any]] = {
    "appointment_booked": _APPOINTMENT,
    "appointment_cancelled": _APPOINTMENT
    | {
        "heading": "Запись на приём отменена",
        "before": ["Приём 27 ноября в 10:00 не состоится."],
        "after": ["Если визит ещё нужен, запишитесь на другое время."],
        "button": "Записаться снова",
        "is_over": True,
    },
    "appointment_moved": _APPOINTMENT
    | {"heading": "Приём перенесён", "before": ["Новое время — 27 ноября с 10:00 до 10:15."]},
    "appointment_reminder": _APPOINTMENT
    | {"heading": "Завтра приём", "before": ["Ждём вас завтра, 27 ноября, с 10:00 до 10:15."]},
    "autopay_result": _AUTOPAY
    | {
        "title": "Автоплатёж прошёл",
        "said": "автоплатёж прошёл, 1 240,50 ₽",
        "paragraphs": ["Мы списали 1 240,50 ₽ с карты •• 4477."],
    },
    "autopay_soon": _AUTOPAY
    | {
        "title": "Завтра автоплатёж",
        "said": "завтра автоплатёж, 1 240,50 ₽",
        "paragraphs": ["Завтра спишем 1 240,50 ₽ с карты •• 4477."],
    },
    "autopay_state": _AUTOPAY
    | {
        "title": "Автоплатёж подключён",
        "said": "автоплатёж подключён",
        "paragraphs": ["Будем списывать сумму к оплате 10-го числа с карты •• 4477."],
    },
    "connection_papers_asked": {
        "asked": [{"name": "План участка"}, {"name": "Паспорт оборудования"}]
    },
    "connection_state": {
        "said": "Мы передали заявку газораспределительной организации.",
        "until": "Ответ придёт до 25 декабря.",
    },
    "deletion_asked": {"reason": ""},
    "form_reply": {
        "title": "Обратная связь",
        "sent_on": _DAY,
        "asked": [["Как к вам обращаться", "Елена"], ["Ваше сообщение", "Когда откроется касса?"]],
        "answer": "Касса на Советской работает с понедельника, с 8:00 до 17:00.",
    },
    "form_submission": {
        "title": "Обратная связь",
        "lines": [["Как к вам обращаться", "Елена"], ["Ваше сообщение", "Когда откроется касса?"]],
    },
}


def sample_of(kind: str) -> dict[str, Any]:
    """Return the made-up data of a kind of letter."""
    return _COMMON | _OWN.get(kind, {})


def letter_preview(
    kind: str, company_name: str, phone: dict[str, str] | None, letterhead: Letterhead
) -> dict[str, str]:
    """Return subject and markup of a letter as people get it, with made-up data."""
    number = phone or {"number": "8 (8112) 59-50-50", "href": "+78112595050"}
    context = {
        **sample_of(kind),
        "company_name": company_name,
        "phone": number,
        "letterhead": letterhead,
    }

    def part(name: str) -> str:
        return render_to_string(f"messages/{kind}.html", {**context, "part": name})

    return {"subject": " ".join(part("subject").split()), "html": part("html")}
