"""A reading as people type it."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SPACES = re.compile(r"[\s\u00a0\u202f]+")


def reading_value(text: str, digits: int) -> int | None:
    """Whole m³ from what was typed; None for an empty box. Raises ValidationError in Russian."""
    typed = SPACES.sub("", text)
    if not typed:
        return None
    if typed.startswith(("-", "−", "–")):
        raise ValidationError(_("Показание не бывает отрицательным. Введите цифры со счётчика."))
    if re.fullmatch(r"[0-9]+[.,][0-9]*", typed):
        raise ValidationError(_("Введите только целые кубометры — цифры до запятой."))
    if not re.fullmatch(r"[0-9]+", typed):
        raise ValidationError(_("Введите показание цифрами, как на счётчике."))
    if len(typed.lstrip("0")) > digits:
        raise ValidationError(
            _("Слишком много цифр: у этого счётчика их %(digits)d, без цифр после запятой."),
            params={"digits": digits},
        )
    return int(typed)
