"""How the log of actions names what happens to appointments."""

from django.utils.translation import gettext_lazy as _

ACTION_TITLES: dict[str, object] = {
    "appointment.book": _("записал посетителя на приём"),
    "appointment.move": _("перенёс запись на приём"),
    "appointment.cancel": _("отменил запись на приём"),
    "appointment.walk_in": _("принял посетителя без записи"),
    "appointment.arrived": _("отметил приход на приём"),
    "appointment.missed": _("отметил неявку на приём"),
    "appointment.undo": _("снял отметку о приёме"),
    "appointment.desk": _("перевёл запись на приём в другое окно"),
    "appointment.called": _("созвонился о записи на приём"),
    "appointment.forget": _("стёр данные записи на приём"),
    "waiting.join": _("записал посетителя в лист ожидания"),
    "waiting.offer": _("предложил время из листа ожидания"),
    "waiting.accept": _("записал посетителя на время из листа ожидания"),
    "waiting.decline": _("получил отказ от предложенного времени"),
    "waiting.pass": _("передал неотвеченное предложение следующему"),
    "waiting.leave": _("убрал посетителя из листа ожидания"),
    "waiting.over": _("закрыл ожидание, срок которого вышел"),
}
# What a visitor has done.
TITLES_OF_NOBODY: dict[str, object] = {
    "appointment.book": _("посетитель записался на приём"),
    "appointment.move": _("посетитель перенёс запись на приём"),
    "appointment.cancel": _("посетитель отменил запись на приём"),
    "waiting.join": _("посетитель встал в лист ожидания"),
    "waiting.accept": _("посетитель записался на время из листа ожидания"),
    "waiting.decline": _("посетитель отказался от предложенного времени"),
    "waiting.leave": _("посетитель ушёл из листа ожидания"),
}
