from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from tenants.models import GasCompany
from tenants.selectors import current_company


def is_fund() -> bool:
    """Tell whether the company whose schema is entered is a fund: there registration is by application."""
    company = current_company()
    return company is not None and company.kind == GasCompany.Kind.CAPITAL_REPAIR


@register_setting(icon="clipboard-list")
class RegistrationSettings(BaseSiteSetting):
    """Whether people register by an application that an operator decides (manual 2, 3.3)."""

    by_application = models.BooleanField(
        _("регистрация по заявке"),
        default=is_fund,
        help_text=_(
            "Вместо регистрации с паролем абонент подаёт заявку с данными документа. Оператор сверяет её "
            "с биллингом и открывает доступ к лицевому счёту."
        ),
    )
    review_days = models.PositiveSmallIntegerField(
        _("срок рассмотрения, рабочих дней"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("Этот срок мы называем абоненту."),
    )
    hint = models.TextField(
        _("подсказка над заявкой"),
        blank=True,
        max_length=500,
        help_text=_(
            "Что ещё абоненту нужно знать до того, как он заполнит заявку. Можно не заполнять."
        ),
    )

    panels = [FieldPanel("by_application"), FieldPanel("review_days"), FieldPanel("hint")]

    class Meta:
        verbose_name = _("регистрация по заявке")
