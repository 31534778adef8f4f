from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from portal.formats.text import fold

CALCULATED_WORDS = (
    "расчётное, расчётный способ, среднее, среднему, среднемесячн, норматив, начислено, estimate"
)


def words_of(text: str) -> tuple[str, ...]:
    """Return words between commas or in lines, folded for comparison."""
    words = (fold(word) for word in text.replace("\n", ",").split(","))
    return tuple(word for word in words if word)


def validate_words(text: str) -> None:
    short = [word for word in words_of(text) if len(word) < 4]
    if short:
        raise ValidationError(
            _("Слишком короткое слово: «%(word)s». Нужно не меньше четырёх букв.")
            % {"word": short[0].lower()}
        )


@register_setting(icon="order")
class ReadingSettings(BaseSiteSetting):
    """How the company's billing names readings that nobody has taken from a dial."""

    calculated_words = models.TextField(
        _("слова для расчётных показаний"),
        default=CALCULATED_WORDS,
        blank=True,
        validators=[validate_words],
        help_text=_(
            "Через запятую: слова, которыми биллинг в графе «источник» обозначает показания, рассчитанные "
            "по среднему или по нормативу. Достаточно начала слова. После такого показания абонент может "
            "передать меньшее: портал примет его без вопросов."
        ),
    )

    panels = [FieldPanel("calculated_words")]

    class Meta:
        verbose_name = _("приём показаний")

    def is_calculated(self, source: str) -> bool:
        """Tell whether one of the words begins a word of billing's `source`."""
        text = f" {fold(source)}"
        return any(f" {word}" in text for word in words_of(self.calculated_words))
