"""What subscribers may write about: kinds with questions and fields, as the company has set them."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from cms_pages.models import ServiceCentre
from portal.formats.text import clean_text
from portal.formats.words import days_of, working_days_of, working_hours_of


class AppealKind(ClusterableModel):
    """Вид обращения: the form changes with it (manual 1, 2.2.6.1)."""

    class TermUnit(models.TextChoices):
        """What the answer's term is counted in: the first two by the hours of the centre."""

        HOURS = "hours", _("рабочих часов")
        WORKING_DAYS = "working_days", _("рабочих дней")
        CALENDAR_DAYS = "calendar_days", _("календарных дней")

    class Files(models.TextChoices):
        NONE = "none", _("не принимать")
        ALLOWED = "allowed", _("можно приложить")
        REQUIRED = "required", _("обязательно")

    name = models.CharField(_("название"), max_length=150, unique=True)
    hint = models.TextField(
        _("подсказка"), max_length=1000, blank=True, help_text=_("Показывается над формой.")
    )
    is_offered = models.BooleanField(_("предлагать абонентам"), default=True)
    order = models.PositiveSmallIntegerField(_("порядок"), default=100)
    # Without one: the centre of the account.
    centre = models.ForeignKey(
        ServiceCentre,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("кто отвечает"),
        help_text=_("Пусто — центр обслуживания лицевого счёта."),
    )
    term = models.PositiveSmallIntegerField(
        _("срок ответа"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    term_unit = models.CharField(
        _("срок считать в"),
        max_length=15,
        choices=TermUnit.choices,
        default=TermUnit.WORKING_DAYS,
    )
    files = models.CharField(
        _("файлы"), max_length=10, choices=Files.choices, default=Files.ALLOWED
    )
    files_hint = models.CharField(
        _("что приложить"), max_length=300, blank=True, help_text=_("Например: фото счётчика.")
    )

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("вид обращения")
        verbose_name_plural = _("виды обращений")

    def __str__(self) -> str:
        return self.name

    @property
    def term_in_words(self) -> str:
        """Return the term as it stands after «в течение»: «трёх рабочих дней»."""
        said = {
            self.TermUnit.HOURS: working_hours_of,
            self.TermUnit.WORKING_DAYS: working_days_of,
            self.TermUnit.CALENDAR_DAYS: days_of,
        }
        return said[self.TermUnit(self.term_unit)](self.term)


class AppealQuestion(Orderable):
    """Вопрос: chosen within a kind."""

    kind = ParentalKey(AppealKind, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("вопрос"), max_length=200)
    hint = models.CharField(_("подсказка"), max_length=500, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("вопрос")
        verbose_name_plural = _("вопросы")

    def __str__(self) -> str:
        return self.text


class AppealField(Orderable):
    """A field of its own that the form of a kind has."""

    class Type(models.TextChoices):
        LINE = "line", _("строка")
        TEXT = "text", _("текст в несколько строк")
        NUMBER = "number", _("число")
        DATE = "date", _("дата")
        CHOICE = "choice", _("выбор из списка")
        TICK = "tick", _("отметка")

    kind = ParentalKey(AppealKind, on_delete=models.CASCADE, related_name="fields")
    label = models.CharField(_("название"), max_length=100)
    type = models.CharField(_("вид поля"), max_length=10, choices=Type.choices, default=Type.LINE)
    choices = models.TextField(
        _("варианты"), blank=True, help_text=_("Для выбора из списка, по одному на строке.")
    )
    hint = models.CharField(_("подсказка"), max_length=300, blank=True)
    is_required = models.BooleanField(_("обязательное"), default=False)

    class Meta(Orderable.Meta):
        verbose_name = _("поле")
        verbose_name_plural = _("поля")

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        if self.type == self.Type.CHOICE and len(self.choice_list) < 2:
            raise ValidationError(
                {
                    "choices": _(
                        "Напишите варианты, из которых выбирать: хотя бы два, по одному на строке."
                    )
                }
            )

    @property
    def choice_list(self) -> list[str]:
        """Return the lines of `choices`, each once."""
        return list(dict.fromkeys(filter(None, map(clean_text, self.choices.splitlines()))))


class CannedAnswer(models.Model):
    """A text that operators often answer with; `kind` None: for all kinds."""

    title = models.CharField(_("название"), max_length=100)
    text = models.TextField(_("текст"), max_length=5000)
    kind = models.ForeignKey(
        AppealKind,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="canned_answers",
        verbose_name=_("для вида обращений"),
        help_text=_("Пусто — для всех."),
    )

    class Meta:
        ordering = ["title"]
        verbose_name = _("готовый ответ")
        verbose_name_plural = _("готовые ответы")

    def __str__(self) -> str:
        return self.title
