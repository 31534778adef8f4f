"""Moments that editors type."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Long before the first site, and late enough to be told in any time zone: the first night of year 1 in
# Moscow is BC in the database, which keeps it and can then be read by nobody.
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def check_moment(moment: datetime.datetime | None) -> None:
    """Raises ValidationError, in Russian, for a slip of the year."""
    if moment is not None and moment < EARLIEST:
        raise ValidationError(_("Проверьте год: он меньше 2000."))
