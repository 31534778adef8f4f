"""How the log of actions names what happens to the waiting list."""

from django.utils.translation import gettext_lazy as _

ACTION_TITLES: dict[str, object] = {
    "waiting.join": _("записал в лист ожидания"),
    "waiting.offer": _("предложил время из листа ожидания"),
    "waiting.accept": _("записал на время из листа ожидания"),
    "waiting.decline": _("получил отказ от предложенного времени"),
    "waiting.pass": _("передал неотвеченное предложение следующему"),
    "waiting.leave": _("убрал из листа ожидания"),
    "waiting.over": _("закрыл ожидание: срок вышел"),
}
