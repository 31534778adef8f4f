"""Search by a part of a text, in which people type е for ё."""

from typing import Any

from django.db.models import CharField, TextField
from django.db.models.lookups import IContains


class RussianIContains(IContains):
    """`icontains` that takes ё and е for one letter, for every list that has a search."""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        sql, params = super().process_lhs(compiler, connection, lhs)
        return f"TRANSLATE({sql}, 'Ё', 'Е')", params

    def get_prep_lookup(self) -> Any:
        wanted = super().get_prep_lookup()
        return wanted.replace("ё", "е").replace("Ё", "Е") if isinstance(wanted, str) else wanted


def install() -> None:
    """Put it into the place of Django's own. Called once, in `AppConfig.ready`."""
    for field in (CharField, TextField):
        field.register_lookup(RussianIContains)
