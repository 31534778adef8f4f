"""Words that guest pages and the cabinet share."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

NOT_FOUND = _(
    "Не нашли такой лицевой счёт. Проверьте регион, номер и буквы: всё должно быть как в квитанции."
)


@dataclass(frozen=True)
class Block:
    """How long the visitor has to wait."""

    seconds: int

    @property
    def minutes_left(self) -> str:
        minutes = max(1, -(-self.seconds // 60))
        return ngettext("%(n)d минуту", "%(n)d минут", minutes) % {"n": minutes}
