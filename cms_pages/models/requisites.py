from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms_pages.brand.requisites import (
    correspondent_account_fits,
    settlement_account_fits,
    validate_account,
    validate_bic,
    validate_inn,
    validate_kpp,
    validate_ogrn,
)


@register_setting(icon="doc-full")
class CompanyRequisites(BaseSiteSetting):
    """The legal entity that is paid: the footer names it, bills and payments use it.

    Apart from the brand, because who may choose a colour may not redirect money. Lengths are those of
    the payment code on bills (ГОСТ Р 56042-2014): name 160, bank 45.
    """

    legal_name = models.CharField(_("полное название"), max_length=160, blank=True)
    inn = models.CharField(_("ИНН"), max_length=10, blank=True, validators=[validate_inn])
    kpp = models.CharField(_("КПП"), max_length=9, blank=True, validators=[validate_kpp])
    ogrn = models.CharField(_("ОГРН"), max_length=13, blank=True, validators=[validate_ogrn])
    legal_address = models.CharField(_("юридический адрес"), max_length=300, blank=True)
    bank_name = models.CharField(_("банк"), max_length=45, blank=True)
    bic = models.CharField(_("БИК"), max_length=9, blank=True, validators=[validate_bic])
    correspondent_account = models.CharField(
        _("корреспондентский счёт"), max_length=20, blank=True, validators=[validate_account]
    )
    settlement_account = models.CharField(
        _("расчётный счёт"), max_length=20, blank=True, validators=[validate_account]
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("legal_name", "inn", "kpp", "ogrn", "legal_address")],
            _("Юридическое лицо"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("bank_name"),
                FieldPanel("bic"),
                FieldPanel("correspondent_account"),
                FieldPanel("settlement_account"),
            ],
            _("Банк"),
        ),
    ]

    class Meta:
        verbose_name = _("реквизиты")
        # The rules themselves are rows of public, where no permission of a company reaches.
        permissions = [("view_legal_rules", "Может видеть правовые нормы")]

    def clean(self) -> None:
        """The key of an account proves its number together with the bank's."""
        super().clean()
        errors = {}
        accounts = {
            "settlement_account": settlement_account_fits,
            "correspondent_account": correspondent_account_fits,
        }
        for name, fits in accounts.items():
            account = getattr(self, name)
            if account and not self.bic:
                errors["bic"] = _("Без БИК счёт не проверить.")
            elif len(account) == 20 and len(self.bic) == 9 and not fits(account, self.bic):
                errors[name] = _("Счёт не подходит к БИК: в одном из них опечатка.")
        if errors:
            raise ValidationError(errors)

    @property
    def is_complete(self) -> bool:
        """Whether a bill can be paid by them; the correspondent account may be absent."""
        needed = (self.legal_name, self.inn, self.bank_name, self.bic, self.settlement_account)
        return all(needed)
