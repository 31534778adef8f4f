"""Russian titles of the log's actions. Apps above add theirs in `AppConfig.ready`."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry

TITLES: dict[str, object] = {
    "login": _("вошёл"),
    "login.failed": _("не смог войти"),
    "logout": _("вышел"),
    "audit.export": _("выгрузил журнал"),
    # Wagtail's own names are those of buttons: «Опубликовать».
    "wagtail.create": _("создал"),
    "wagtail.edit": _("изменил"),
    "wagtail.delete": _("удалил"),
    "wagtail.publish": _("опубликовал"),
    "wagtail.publish.schedule": _("назначил публикацию"),
    "wagtail.unpublish": _("снял с публикации"),
    "wagtail.move": _("перенёс"),
    "wagtail.rename": _("переименовал"),
    "wagtail.revert": _("вернул прежнюю версию"),
    "wagtail.schedule.cancel": _("отменил публикацию в\u00a0назначенное время"),
    "wagtail.unpublish.schedule": _("назначил снятие с\u00a0публикации"),
    "wagtail.copy": _("скопировал"),
    "wagtail.reorder": _("изменил порядок"),
    "wagtail.lock": _("закрыл от\u00a0правки"),
    "wagtail.unlock": _("открыл для правки"),
    "wagtail.workflow.start": _("отправил на\u00a0проверку"),
    "wagtail.workflow.approve": _("одобрил"),
    "wagtail.workflow.reject": _("вернул на\u00a0доработку"),
    "wagtail.workflow.resume": _("отправил на\u00a0проверку ещё раз"),
    "wagtail.workflow.cancel": _("отозвал с\u00a0проверки"),
    "wagtail.comments.create": _("оставил замечание"),
    "wagtail.comments.edit": _("изменил замечание"),
    "wagtail.comments.delete": _("удалил замечание"),
    "wagtail.comments.resolve": _("отметил замечание решённым"),
    "wagtail.comments.create_reply": _("ответил на\u00a0замечание"),
    "wagtail.comments.edit_reply": _("изменил ответ на\u00a0замечание"),
    "wagtail.comments.delete_reply": _("удалил ответ на\u00a0замечание"),
    "wagtail.view_restriction.create": _("ограничил просмотр"),
    "wagtail.view_restriction.edit": _("изменил ограничение просмотра"),
    "wagtail.view_restriction.delete": _("снял ограничение просмотра"),
}


def action_titles_add(titles: Mapping[str, object]) -> None:
    """Name actions: `{"company.suspend": _("приостановил компанию")}`."""
    TITLES.update(titles)


def action_title(action: str) -> str:
    """Return the action in Russian, by our titles or Wagtail's, else its key."""
    if action in TITLES:
        return str(TITLES[action])
    return str(dict(registry.get_choices()).get(action, action))
