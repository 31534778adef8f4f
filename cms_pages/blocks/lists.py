"""Blocks that hold several things of a kind."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from cms_pages.blocks.comparing import ItemsBlock
from cms_pages.fields import SHORT_FEATURES


class FoldBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("заголовок"), max_length=200)
    text = blocks.RichTextBlock(label=_("текст"), features=SHORT_FEATURES)


class AccordionBlock(blocks.StructBlock):
    items = ItemsBlock(FoldBlock(), label=_("части"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Раскрывающиеся части")
        template = "cms_pages/blocks/accordion.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("вопрос"), max_length=200)
    answer = blocks.RichTextBlock(label=_("ответ"), features=SHORT_FEATURES)


class FaqBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("заголовок"), default="Частые вопросы", max_length=120)
    items = ItemsBlock(QuestionBlock(), label=_("вопросы"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Вопросы и ответы")
        template = "cms_pages/blocks/faq.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("что сделать"), max_length=120)
    text = blocks.RichTextBlock(label=_("пояснение"), required=False, features=SHORT_FEATURES)


class StepsBlock(blocks.StructBlock):
    items = ItemsBlock(StepBlock(), label=_("шаги"), min_num=2)

    class Meta:
        icon = "list-ol"
        label = _("Шаги по порядку")
        template = "cms_pages/blocks/steps.html"


class GalleryBlock(blocks.StructBlock):
    items = ItemsBlock(
        blocks.StructBlock(
            [
                ("image", ImageBlock(label=_("снимок"))),
                ("caption", blocks.CharBlock(label=_("подпись"), required=False, max_length=200)),
            ]
        ),
        label=_("снимки"),
        min_num=2,
        max_num=30,
    )

    class Meta:
        icon = "image"
        label = _("Галерея")
        template = "cms_pages/blocks/gallery.html"


class DocumentsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("заголовок"), required=False, max_length=120)
    items = ItemsBlock(DocumentChooserBlock(), label=_("файлы"), min_num=1)

    class Meta:
        icon = "doc-full-inverse"
        label = _("Файлы для скачивания")
        template = "cms_pages/blocks/documents.html"


class FigureBlock(blocks.StructBlock):
    """A number is never without its unit and date."""

    value = blocks.CharBlock(label=_("число"), max_length=20)
    unit = blocks.CharBlock(label=_("единица"), max_length=40, help_text=_("дома, ₽ за м², лет…"))
    what = blocks.CharBlock(label=_("что это"), max_length=120)
    day = blocks.DateBlock(label=_("на какой день"))


class FiguresBlock(blocks.StreamBlock):
    figure = FigureBlock(label=_("Показатель"), icon="order")
