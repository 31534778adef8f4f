"""The company's shop at the payment provider, its commission, and the texts of its payment pages."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField

from cabinet.billing.models import money
from cabinet.payments.base import KOPECK


class Shop(BaseSiteSetting):
    """The company's shop at a payment provider; set up on a page of its own (`cabinet.payments.desk`).

    `provider` names a gateway of `cabinet.payments.registry`. `checked` is what the provider has said of the
    shop at `checked_at`. Payments are taken while `is_on`.
    """

    class Receipts(models.TextChoices):
        """How a payer gets the receipt of 54-ФЗ, or what stands for it."""

        RECEIPT = "receipt", _("чек по 54-ФЗ отправляет ЮKassa")
        STATEMENT = "statement", _("чеки выдаёт своя касса, ЮKassa отправляет справку о платеже")
        NONE = "none", _("ничего не отправлять")

    class Collector(models.TextChoices):
        """Who collects the commission: the portal with the payment, or the bank, which the page announces."""

        NOBODY = "", _("комиссии нет")
        PORTAL = "portal", _("портал, вместе с платежом")
        BANK = "bank", _("банк, сверх платежа")

    provider = models.CharField(_("платёжный сервис"), max_length=20, default="yookassa")
    shop_id = models.CharField(_("номер магазина (shopId)"), max_length=20, blank=True)
    secret_key = EncryptedTextField(_("секретный ключ"), null=True, blank=True)
    is_on = models.BooleanField(_("принимать платежи"), default=False)
    checked_at = models.DateTimeField(_("проверен"), null=True, blank=True, editable=False)
    checked = models.JSONField(_("что ответил сервис"), default=dict, editable=False)

    takes_sbp = models.BooleanField(_("СБП"), default=True)
    shows_sbp_qr = models.BooleanField(_("QR-код СБП на странице"), default=False)
    receipts = models.CharField(
        _("чеки"), max_length=10, choices=Receipts.choices, default=Receipts.STATEMENT
    )
    vat_code = models.SmallIntegerField(_("код НДС"), default=1)
    payment_mode = models.CharField(_("способ расчёта"), max_length=30, default="full_payment")
    payment_subject = models.CharField(_("предмет расчёта"), max_length=30, default="service")

    commission_collector = models.CharField(
        _("комиссию берёт"), max_length=10, choices=Collector.choices, blank=True
    )
    commission_percent = models.DecimalField(
        _("комиссия, %"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    commission_min = money(_("не меньше, ₽"), default=Decimal(0))
    commission_max = money(_("не больше, ₽"), null=True, blank=True)

    # A fund's guest names a number alone: with this, debts can be listed by trying numbers.
    shows_sums_to_guests = models.BooleanField(
        _("показывать суммы без входа в кабинет"), default=False
    )
    refund_limit = money(_("возврат без второго кассира до, ₽"), default=Decimal(5000))

    # A payment that billing's packages do not have by then is a difference of the reconciliation.
    billing_days = models.SmallIntegerField(_("биллинг учитывает платёж, дней"), default=40)

    class Meta:
        verbose_name = _("приём платежей")

    def commission_of(self, credited: Decimal, *, is_exempt: bool = False) -> Decimal:
        """Return what paying `credited` ₽ costs besides, by these settings and rounded half up.

        Whoever collects it: with the collector `portal` it is sent to the provider with the payment, with
        `bank` it is only announced. Nothing for those whom the law exempts (since 2024-07-01).
        """
        if not self.commission_collector or is_exempt or credited <= 0:
            return Decimal("0.00")
        part: Decimal = (credited * self.commission_percent / 100).quantize(KOPECK, ROUND_HALF_UP)
        part = max(part, self.commission_min)
        return part if self.commission_max is None else min(part, self.commission_max)


@register_setting(icon="doc-full")
class PaymentTexts(BaseSiteSetting):
    """What the payment pages explain in the company's words; empty texts are the portal's."""

    by_card = RichTextField(_("как заплатить картой"), blank=True)
    cancelling = RichTextField(_("как отменить платёж"), blank=True)
    safety = RichTextField(_("безопасность платежей"), blank=True)
    commission = RichTextField(_("банк и комиссия"), blank=True)
    free_way_title = models.CharField(_("способ без комиссии"), max_length=100, blank=True)
    free_way_url = models.URLField(_("его адрес"), blank=True)

    panels = [
        FieldPanel(name)
        for name in (
            "by_card",
            "cancelling",
            "safety",
            "commission",
            "free_way_title",
            "free_way_url",
        )
    ]

    class Meta:
        verbose_name = _("тексты об оплате")
