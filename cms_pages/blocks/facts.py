"""Figures that are told in large type."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class FigureBlock(blocks.StructBlock):
    """A number is never without its unit and date."""

    value = blocks.CharBlock(label=_("число"), max_length=20)
    unit = blocks.CharBlock(label=_("единица"), max_length=40, help_text=_("дома, ₽ за м², лет…"))
    what = blocks.CharBlock(label=_("что это"), max_length=120)
    day = blocks.DateBlock(label=_("на какой день"))


class FiguresBlock(blocks.StreamBlock):
    figure = FigureBlock(label=_("Показатель"), icon="order")
