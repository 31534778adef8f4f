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
}


def action_titles_add(titles: Mapping[str, object]) -> None:
    """Name actions: `{"company.suspend": _("приостановил компанию")}`."""
    TITLES.update(titles)


def action_title(action: str) -> str:
    """Return the action in Russian, by our titles or Wagtail's, else its key."""
    if action in TITLES:
        return str(TITLES[action])
    return str(dict(registry.get_choices()).get(action, action))
