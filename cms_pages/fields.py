"""Fields, rich-text features and validators that several types of content share."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import fields

# Formatting that editors may use in a text. Other pasted formatting is dropped on saving.
INLINE_FEATURES = ["bold", "italic", "link"]

SHORT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]

TEXT_FEATURES = ["h2", "h3", *SHORT_FEATURES]


class BodyField(fields.StreamField):
    """A StreamField whose blocks are not written into migrations.

    A block with one more choice would else be a migration over every company's schema that changes
    nothing in any of them.
    """

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs


# Valid in any time zone: the first night of year 1 in Moscow is BC in the database, and psycopg cannot
# read it back.
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def check_moment(moment: datetime.datetime | None) -> None:
    """Raise ValidationError, in Russian, for a slip of the year."""
    if moment is not None and moment < EARLIEST:
        raise ValidationError(_("Проверьте год: он меньше 2000."))
