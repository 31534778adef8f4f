from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel

from cms_pages.models.service_centres import District
from cms_pages.moments import check_moment


class UrgentNotice(ClusterableModel):
    """What everybody must know now: an outage, planned work. Shown on every page while it lasts."""

    class Severity(models.TextChoices):
        DANGER = "danger", _("авария")
        WARNING = "warning", _("плановые работы")
        INFO = "info", _("важная новость")

    severity = models.CharField(
        _("важность"), max_length=10, choices=Severity.choices, default=Severity.WARNING
    )
    title = models.CharField(_("заголовок"), max_length=120)
    text = models.TextField(_("текст"), max_length=1000, blank=True)
    starts_at = models.DateTimeField(_("показывать с"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("показывать до"), null=True, blank=True, help_text=_("Пусто — пока не уберёте.")
    )
    districts = ParentalManyToManyField(
        District, blank=True, verbose_name=_("районы"), help_text=_("Не отмечены — вся область.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("срочное объявление")
        verbose_name_plural = _("срочные объявления")
        constraints = [
            models.CheckConstraint(
                name="notice_ends_after_start",
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        try:
            check_moment(self.starts_at)
        except ValidationError as error:
            raise ValidationError({"starts_at": error}) from error
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError(
                {"ends_at": _("Объявление заканчивается раньше, чем начинается.")}
            )
