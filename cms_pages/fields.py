"""Fields and rich-text features that several types of content share."""

from typing import Any

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
