"""How the log of actions names what happens to applications for connection."""

from django.utils.translation import gettext_lazy as _

ACTION_TITLES: dict[str, object] = {
    "connection.submit": _("принял заявку на присоединение"),
    "connection.forward": _("передал заявку на присоединение получателю"),
    "connection.send_again": _("поручил порталу передать заявку на присоединение"),
    "connection.register": _("записал регистрацию заявки у получателя"),
    "connection.ask": _("запросил документы к заявке на присоединение"),
    "connection.answer": _("получил документ к заявке на присоединение"),
    "connection.complete": _("получил все документы к заявке на присоединение"),
    "connection.advance": _("отметил шаг присоединения"),
    "connection.refuse": _("записал отказ в присоединении"),
    "connection.withdraw": _("отозвал заявку на присоединение"),
    "connection.correct": _("исправил запись о заявке на присоединение"),
    "connection.note": _("добавил заметку к заявке на присоединение"),
    "connection.files": _("приложил файлы для заявителя"),
    "connection.archive": _("скачал документы заявки на присоединение"),
    "connection.forget": _("стёр данные заявителя"),
}
# What an applicant has done.
TITLES_OF_NOBODY: dict[str, object] = {
    "connection.submit": _("заявитель отправил заявку на присоединение"),
    "connection.answer": _("заявитель прислал документ к заявке на присоединение"),
    "connection.complete": _("заявитель прислал все документы к заявке на присоединение"),
    "connection.withdraw": _("заявитель отозвал заявку на присоединение"),
}
