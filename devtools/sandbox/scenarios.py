"""What can go otherwise than well: by the number of a card, or by a switch."""

from dataclasses import asdict, dataclass
from typing import Any

# Cancellation reasons of a payment and who cancels, by YooKassa's page of declined payments.
REASONS = {
    "3d_secure_failed": ("payment_network", "не пройдена проверка 3-D Secure"),
    "call_issuer": ("payment_network", "банк отклонил без объяснения"),
    "card_expired": ("payment_network", "истёк срок карты"),
    "country_forbidden": ("yoo_money", "карта другой страны"),
    "fraud_suspected": ("yoo_money", "подозрение в мошенничестве"),
    "general_decline": ("payment_network", "причина не указана"),
    "identification_required": ("yoo_money", "превышен лимит кошелька"),
    "insufficient_funds": ("payment_network", "не хватает денег"),
    "internal_timeout": ("yoo_money", "технические неполадки сервиса"),
    "invalid_card_number": ("payment_network", "неверный номер карты"),
    "invalid_csc": ("payment_network", "неверный код CVC"),
    "issuer_unavailable": ("payment_network", "банк недоступен"),
    "payment_method_limit_exceeded": ("payment_network", "исчерпан лимит карты"),
    "payment_method_restricted": ("payment_network", "операции по карте запрещены"),
    "permission_revoked": ("payment_network", "разрешение на автоплатежи отозвано"),
    "unsupported_mobile_operator": ("payment_network", "оператор связи не поддерживается"),
    "expired_on_confirmation": ("yoo_money", "не подтверждён вовремя"),
    "expired_on_capture": ("yoo_money", "не списан вовремя"),
    "canceled_by_merchant": ("merchant", "отменён магазином"),
    "deal_expired": ("yoo_money", "истёк срок сделки"),
    "a_reason_of_tomorrow": ("payment_network", "причина, которой ещё нет в описании"),
}
REFUND_REASONS = ("general_decline", "insufficient_funds", "rejected_by_payee")

# Of requests to the API. «before»: nothing was done; «after»: it was done.
FAULTS = {
    "too_many": "429: слишком много запросов",
    "error_before": "500, ничего не сделано",
    "error_after": "500, хотя всё сделано",
    "html_after": "502 со страницей HTML, хотя всё сделано",
    "drop_before": "соединение оборвано, ничего не сделано",
    "drop_after": "соединение оборвано, хотя всё сделано",
    "hang_before": "ответа нет, ничего не сделано",
    "hang_after": "ответа нет, хотя всё сделано",
    "die_before": "песочница падает, ничего не сделав",
    "die_after": "песочница падает, когда всё сделано",
}
OPERATIONS = ("any", "create", "get", "list", "refund", "refund_get", "refund_list", "me")


@dataclass(frozen=True)
class Plan:
    """What happens after «Оплатить»."""

    reason: str = ""  # the payment is canceled for it
    later: str = ""  # a payment by the saved method is canceled for it
    waits: bool = False  # paid, and pending until ГИС ЖКХ has the order
    saves: bool = True
    receipts: str = ""
    webhooks: str = ""
    page: str = ""  # hang or drop: what the payer sees instead of the result

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Card:
    number: str
    title: str
    plan: Plan


def has_check_digit(number: str) -> bool:
    """Return whether a card's number ends as Luhn's rule says."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _number(digits: str) -> str:
    """Return the digits with their check digit."""
    return next(whole for last in range(10) if has_check_digit(whole := f"{digits}{last}"))


def _cards() -> dict[str, Card]:
    listed = {
        "good": ("платёж проходит", Plan()),
        "gis": ("оплачен, но долго ждёт ГИС ЖКХ", Plan(waits=True)),
        "receipt_canceled": ("оплачен, чек не зарегистрирован", Plan(receipts="canceled")),
        "twice": ("уведомление приходит дважды", Plan(webhooks="twice")),
        "late": ("уведомление опаздывает", Plan(webhooks="late")),
        "never": ("уведомление не приходит", Plan(webhooks="never")),
        "reordered": ("уведомления не по порядку", Plan(webhooks="reordered")),
        "page_hang": ("деньги взяты, страница банка зависает", Plan(page="hang")),
        "page_drop": ("деньги взяты, связь оборвана", Plan(page="drop")),
        "unsaved": ("оплачен, способ не сохранён", Plan(saves=False)),
    }
    for reason in ("insufficient_funds", "card_expired", "permission_revoked", "call_issuer"):
        listed[f"later_{reason}"] = (
            f"проходит; автоплатёж: {REASONS[reason][1]}",
            Plan(later=reason),
        )
    for reason, (_party, title) in REASONS.items():
        listed[reason] = (f"отказ: {title}", Plan(reason=reason))
    return {
        name: Card(_number(f"2200{number:011d}"), title, plan)
        for number, (name, (title, plan)) in enumerate(listed.items(), 1)
    }


CARDS = _cards()
GOOD = CARDS["good"].number


def plan_of(number: str) -> Plan:
    """Return what a card's number stands for; any other number pays well."""
    return next((card.plan for card in CARDS.values() if card.number == number), Plan())
