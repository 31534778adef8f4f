"""Russian titles of the log's actions. Apps above add theirs in `AppConfig.ready`."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry

TITLES: dict[str, object] = {
    "login": _("вошёл в\u00a0систему"),
    "login.failed": _("не смог войти"),
    "logout": _("вышел из\u00a0системы"),
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


# The same for entries that name nobody of the staff. Others are «Портал …».
TITLES_OF_NOBODY: dict[str, object] = {
    "login.failed": _("не\u00a0удалось войти"),
    "wagtail.create": _("создано"),
    "wagtail.edit": _("изменено"),
    "wagtail.delete": _("удалено"),
    "wagtail.publish": _("опубликовано"),
    "wagtail.publish.schedule": _("назначена публикация"),
    "wagtail.unpublish": _("снято с\u00a0публикации"),
    "wagtail.move": _("перенесено"),
    "wagtail.rename": _("переименовано"),
    "wagtail.revert": _("возвращена прежняя версия"),
    "wagtail.copy": _("скопировано"),
}


def action_titles_add(
    titles: Mapping[str, object], *, of_nobody: Mapping[str, object] | None = None
) -> None:
    """Name actions: `{"company.suspend": _("приостановил компанию")}`.

    A title is what comes after «сотрудник» and a login, or «портал», and before a colon and the subject.
    `of_nobody` are those for entries without an actor, where the portal is not who did it.
    """
    TITLES.update(titles)
    TITLES_OF_NOBODY.update(of_nobody or {})


def action_title(action: str, *, by_somebody: bool = True) -> str:
    """Return the action in Russian, by our titles or Wagtail's, else its key.

    Without an actor it is a whole phrase: «не удалось войти», «портал принял платёж».
    """
    if not by_somebody and action in TITLES_OF_NOBODY:
        return str(TITLES_OF_NOBODY[action])
    known = TITLES.get(action) or dict(registry.get_choices()).get(action, action)
    return str(known if by_somebody else _("портал %s") % known)
