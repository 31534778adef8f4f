"""Fields of work that actions of the log belong to, by the beginnings of their keys."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SUBJECTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "entry": (
        _("вход и\u00a0выход"),
        (
            *("login", "logout", "second_factor."),
            *("company.entered", "company.left", "staff.session"),
        ),
    ),
    "staff": (_("сотрудники"), ("staff.",)),
    "content": (
        _("сайт и\u00a0настройки"),
        ("wagtail.", "shared.", "form.", "message.", "max.", "audit."),
    ),
    "exchange": (_("обмен с\u00a0биллингом"), ("exchange.",)),
    "money": (
        _("платежи и\u00a0квитанции"),
        ("payment", "refund.", "autopay.", "shop.", "reconciliation.", "bills.", "mailing."),
    ),
    "accounts": (_("лицевые счета"), ("account.", "application.", "link.", "readings.")),
    "appeals": (_("обращения и\u00a0аварии"), ("appeal.", "incident.")),
    "appointments": (_("запись на\u00a0приём"), ("appointment.", "waiting.")),
    "connection": (_("техприсоединение"), ("connection.",)),
    "companies": (
        _("компании и\u00a0нормы"),
        ("company.", "proposal.", "legal.", "calendar.", "announcement."),
    ),
}


OTHER = "other"


def subject_of(action: str) -> str:
    """Return the key of an action's field of work, OTHER for what belongs to none."""
    for key, (_label, beginnings) in SUBJECTS.items():
        if action.startswith(beginnings):
            return key
    return OTHER


def subject_label(action: str) -> str:
    """Return the field of work of an action, «прочее» for what belongs to none."""
    key = subject_of(action)
    return str(_("прочее") if key == OTHER else SUBJECTS[key][0])
