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
    "refund.start": _("оформил возврат"),
    "refund.approve": _("подтвердил возврат"),
    "refund.decline": _("отклонил возврат"),
    "refund.succeeded": _("вернул деньги за платёж"),
    "refund.canceled": _("получил отказ в возврате"),
    "refund.failed": _("не смог оформить возврат"),
    "refund.unknown": _("не узнал исход возврата"),
}
