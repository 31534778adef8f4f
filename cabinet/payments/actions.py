"""How the log of actions names what happens to payments and refunds."""

from django.utils.translation import gettext_lazy as _

ACTION_TITLES: dict[str, object] = {
    "payment.pending": _("передал платёж платёжному сервису"),
    "payment.unknown": _("не узнал исход платежа"),
    "payment.succeeded": _("принял платёж"),
    "payment.canceled": _("узнал об отмене платежа"),
    "payment.failed": _("не смог начать платёж"),
    "payment.mismatch": _("получил ответ, который не совпал с платежом"),
    "payment.double": _("нашёл второй такой платёж в платёжном сервисе"),
    "payment.receipt_canceled": _("узнал, что чек платежа не зарегистрирован"),
    "autopay.on": _("подключил автоплатёж"),
    "autopay.change": _("изменил автоплатёж"),
    "autopay.off": _("отключил автоплатёж"),
    "shop.connect": _("указал ключ платёжного сервиса"),
    "shop.check": _("проверил магазин в платёжном сервисе"),
    "shop.on": _("включил приём платежей"),
    "shop.off": _("выключил приём платежей"),
    "shop.change": _("изменил настройки платежей"),
    "payments.transferred": _("отметил перечисление платежей"),
    "payments.file": _("выгрузил файл платежей"),
    "payments.profile": _("изменил формат реестра"),
    "payments.profile_delete": _("удалил формат реестра"),
    "reconciliation.start": _("начал сверку платежей"),
    "reconciliation.close": _("закрыл расхождение сверки"),
    "refund.adopt": _("учёл возврат, сделанный в платёжном сервисе"),
    "refund.answer": _("ответил на просьбу о возврате"),
    "refund.start": _("оформил возврат"),
    "refund.approve": _("подтвердил возврат"),
    "refund.decline": _("отклонил возврат"),
    "refund.succeeded": _("вернул деньги за платёж"),
    "refund.canceled": _("получил отказ в возврате"),
    "refund.failed": _("не смог оформить возврат"),
    "refund.unknown": _("не узнал исход возврата"),
}
# What a subscriber has done, or nobody in particular.
TITLES_OF_NOBODY: dict[str, object] = {
    "autopay.on": _("абонент подключил автоплатёж"),
    "autopay.change": _("абонент изменил автоплатёж"),
    "autopay.off": _("автоплатёж отключён"),
    "refund.canceled": _("платёжный сервис отказал в возврате"),
}

# Ways to pay, by the names of the payment service.
METHOD_NAMES = {
    "bank_card": "банковские карты",
    "sbp": "СБП",
    "sberbank": "SberPay",
    "tinkoff_bank": "T-Pay",
    "yoo_money": "ЮMoney",
}
