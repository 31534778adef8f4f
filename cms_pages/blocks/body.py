"""The body of a page: a stream of all blocks."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from cms_pages.blocks.comparing import NamedChoiceBlock
from cms_pages.blocks.contacts import ContactBlock
from cms_pages.blocks.links import ButtonBlock
from cms_pages.blocks.lists import (
    AccordionBlock,
    DocumentsBlock,
    FaqBlock,
    GalleryBlock,
    StepsBlock,
)
from cms_pages.blocks.requisites import RequisitesBlock
from cms_pages.blocks.table import TableBlock
from cms_pages.fields import SHORT_FEATURES, TEXT_FEATURES


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("снимок"))
    caption = blocks.CharBlock(label=_("подпись"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Снимок")
        template = "cms_pages/blocks/picture.html"


class NoticeBlock(blocks.StructBlock):
    kind = NamedChoiceBlock(
        label=_("вид"),
        default="info",
        choices=[
            ("info", _("к сведению")),
            ("success", _("хорошая новость")),
            ("warning", _("внимание")),
            ("danger", _("опасность")),
        ],
    )
    title = blocks.CharBlock(label=_("заголовок"), required=False, max_length=120)
    text = blocks.RichTextBlock(label=_("текст"), features=SHORT_FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Важное в рамке")
        template = "cms_pages/blocks/notice.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("слова"), rows=3)
    author = blocks.CharBlock(label=_("кто сказал"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Цитата")
        template = "cms_pages/blocks/quote.html"


class VideoBlock(blocks.StructBlock):
    """By link only: a player from elsewhere would watch our visitors, and the policy allows none."""

    title = blocks.CharBlock(label=_("название"), max_length=120)
    address = blocks.RegexBlock(
        label=_("ссылка на запись"),
        regex=r"^https://[^\s/]+/\S+\Z",
        error_messages={"invalid": _("Нужна полная ссылка на запись, начиная с https://")},
    )
    length = blocks.CharBlock(label=_("длительность"), required=False, max_length=30)

    class Meta:
        icon = "media"
        label = _("Видео по ссылке")
        template = "cms_pages/blocks/video.html"


class BodyBlock(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        label=_("Текст"), features=TEXT_FEATURES, template="cms_pages/blocks/text.html"
    )
    picture = PictureBlock()
    gallery = GalleryBlock()
    table = TableBlock()
    accordion = AccordionBlock()
    steps = StepsBlock()
    notice = NoticeBlock()
    quote = QuoteBlock()
    documents = DocumentsBlock()
    contact: Any = ContactBlock()
    requisites = RequisitesBlock()
    faq = FaqBlock()
    button = ButtonBlock()
    video = VideoBlock()


class SectionBlock(blocks.StructBlock):
    """A part of a long page, listed in its contents."""

    title = blocks.CharBlock(label=_("заголовок"), max_length=120)
    body = BodyBlock(label=_("содержание"))

    class Meta:
        icon = "title"
        label = _("Раздел")
