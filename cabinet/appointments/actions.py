"""How the log of actions names what happens to appointments."""

from django.utils.translation import gettext_lazy as _

ACTION_TITLES: dict[str, object] = {
    "appointment.book": _("записал на приём"),
    "appointment.move": _("перенёс запись на приём"),
    "appointment.cancel": _("отменил запись на приём"),
    "appointment.walk_in": _("принял без записи"),
    "appointment.arrived": _("отметил, что пришли на приём"),
    "appointment.missed": _("отметил, что не пришли на приём"),
    "appointment.undo": _("снял отметку о приёме"),
    "appointment.desk": _("перевёл запись на приём в другое окно"),
    "appointment.called": _("созвонился о записи на приём"),
    "appointment.forget": _("стёр данные записи на приём"),
    "waiting.join": _("записал в лист ожидания"),
    "waiting.offer": _("предложил время из листа ожидания"),
    "waiting.accept": _("записал на время из листа ожидания"),
    "waiting.decline": _("получил отказ от предложенного времени"),
    "waiting.pass": _("передал неотвеченное предложение следующему"),
    "waiting.leave": _("убрал из листа ожидания"),
    "waiting.over": _("закрыл ожидание: срок вышел"),
}
