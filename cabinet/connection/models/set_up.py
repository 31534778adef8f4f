"""What a company sets: who takes the applications, the equipment one may choose, the papers asked for."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from portal.formats.phones import PhoneNumberField


@register_setting(icon="link")
class ConnectionSettings(BaseSiteSetting):
    """The recipient of applications: the network company or the single operator of gasification."""

    class Way(models.TextChoices):
        EXCHANGE = "exchange", _("через обмен: получатель забирает заявки сам")
        MAIL = "mail", _("письмом с документами")
        HAND = "hand", _("вручную: передаёт оператор")

    is_on = models.BooleanField(_("принимать заявки"), default=False)
    recipient = models.CharField(
        _("получатель"),
        max_length=200,
        blank=True,
        help_text=_("Газораспределительная организация или единый оператор газификации."),
    )
    recipient_phone = PhoneNumberField(_("телефон получателя"), blank=True)
    recipient_site = models.URLField(_("сайт получателя"), blank=True)
    way = models.CharField(
        _("как передавать"), max_length=10, choices=Way.choices, default=Way.HAND
    )
    recipient_email = models.EmailField(
        _("почта получателя"),
        blank=True,
        help_text=_("На этот адрес уйдут заявка и документы, если выбрано письмо."),
    )

    panels = [
        HelpPanel(
            _(
                "Заявки рассматривает не поставщик газа, а тот, кто строит сети. Портал принимает заявку, "
                "проверяет, все ли документы приложены, и передаёт её получателю. Сроки по закону идут со "
                "дня, когда получатель её зарегистрировал."
            )
        ),
        FieldPanel(
            "is_on",
            help_text=_(
                "Пока не отмечено, страница говорит, куда обратиться, а заявок не принимает."
            ),
        ),
        MultiFieldPanel(
            [
                FieldPanel("recipient"),
                FieldRowPanel([FieldPanel("recipient_phone"), FieldPanel("recipient_site")]),
            ],
            _("Кто рассматривает заявки"),
        ),
        MultiFieldPanel([FieldPanel("way"), FieldPanel("recipient_email")], _("Как передавать")),
    ]

    class Meta:
        verbose_name = _("технологическое присоединение")

    def clean(self) -> None:
        super().clean()
        wrong = {}
        if self.is_on and not self.recipient:
            wrong["recipient"] = _("Укажите, кому передавать заявки.")
        if self.way == self.Way.MAIL and not self.recipient_email:
            wrong["recipient_email"] = _("Укажите почту, на которую слать заявки.")
        if wrong:
            raise ValidationError(wrong)


class EquipmentType(models.Model):
    """Газовое оборудование: what one unit burns at most, m³/h; by power where `flow` is empty."""

    name = models.CharField(_("название"), max_length=100, unique=True)
    # m³/h of one unit; None: reckoned from its power in kW.
    flow = models.DecimalField(
        _("расход, м³/ч"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    is_offered = models.BooleanField(_("предлагать"), default=True)
    order = models.PositiveSmallIntegerField(_("порядок"), default=100)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("вид оборудования")
        verbose_name_plural = _("виды оборудования")

    def __str__(self) -> str:
        return self.name


class PaperType(models.Model):
    """A paper of the checklist, and in which cases it is asked for."""

    class When(models.TextChoices):
        ALWAYS = "always", _("всегда")
        AGENT = "agent", _("если подаёт представитель")
        RENT = "rent", _("если участок в аренде или ином пользовании")
        UNREGISTERED = "unregistered", _("если право не в ЕГРН")
        SHARED = "shared", _("если собственников несколько")
        LARGE_FLOW = "large_flow", _("если расход больше предела без расчёта")
        GARDEN = "garden", _("если дом в садовом товариществе")

    name = models.CharField(_("название"), max_length=200)
    hint = models.CharField(_("подсказка"), max_length=300, blank=True)
    when = models.CharField(_("когда нужен"), max_length=15, choices=When.choices)
    is_required = models.BooleanField(_("обязательный"), default=True)
    order = models.PositiveSmallIntegerField(_("порядок"), default=100)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("документ к заявке")
        verbose_name_plural = _("документы к заявке")

    def __str__(self) -> str:
        return self.name
