"""Fields of work that actions of the log belong to, by the beginnings of their keys."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SUBJECTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "entry": (
        _("вход и\u00a0выход"),
        ("login", "logout", "second_factor.", "company.entered", "company.left"),
    ),
    "staff": (_("сотрудники"), ("staff.",)),
    "content": (_("сайт и\u00a0настройки"), ("wagtail.", "shared.", "form.", "message.", "max.")),
    "exchange": (_("обмен с\u00a0биллингом"), ("exchange.",)),
    "money": (
        _("платежи и\u00a0квитанции"),
        ("payment", "refund.", "autopay.", "shop.", "reconciliation.", "bills.", "mailing."),
    ),
    "accounts": (_("лицевые счета"), ("account.", "application.", "link.")),
    "appeals": (_("обращения и\u00a0аварии"), ("appeal.", "incident.")),
    "appointments": (_("запись на\u00a0приём"), ("appointment.", "waiting.")),
    "connection": (_("техприсоединение"), ("connection.",)),
    "companies": (
        _("компании и\u00a0нормы"),
        ("company.", "proposal.", "legal.", "calendar.", "announcement."),
    ),
}


def subject_label(action: str) -> str:
    """Return the field of work of an action, «прочее» for what belongs to none."""
    for label, beginnings in SUBJECTS.values():
        if action.startswith(beginnings):
            return str(label)
    return str(_("прочее"))


def subject_pattern(subject: str) -> str:
    """Return a regular expression of the actions of a field of work."""
    return "^(" + "|".join(one.replace(".", r"\.") for one in SUBJECTS[subject][1]) + ")"
