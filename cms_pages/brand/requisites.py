"""The legal entity behind a site, with the check digits of its requisites."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import PreviewableMixin, Site

from portal.connection import current_schema
from tenants.models import GasCompany

INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)

ACCOUNT_WEIGHTS = (7, 1, 3)

# The last three signs of the БИК of the Bank of Russia's own branches: their clients' accounts have
# the key of a correspondent account.
CENTRAL_BANK = ("000", "001", "002")

# A bill can be paid by them; the correspondent account may be absent.
NEEDED = ("legal_name", "inn", "bank_name", "bic", "settlement_account")
REQUISITES = (*NEEDED, "kpp", "ogrn", "legal_address", "correspondent_account")


def validate_inn(value: str) -> None:
    """Check the ИНН of an organisation: ten digits, the last by the tax service (ММВ-7-6/435@)."""
    _digits(value, 10, _("ИНН организации — 10 цифр."))
    total = sum(weight * int(digit) for weight, digit in zip(INN_WEIGHTS, value, strict=False))
    if total % 11 % 10 != int(value[9]):
        raise ValidationError(_("В ИНН опечатка: не сходится контрольная цифра."))


def validate_kpp(value: str) -> None:
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", value):
        raise ValidationError(_("КПП — 9 знаков, например 602701001."))


def validate_ogrn(value: str) -> None:
    """Check an ОГРН: its last digit is the remainder of the first twelve by 11."""
    _digits(value, 13, _("ОГРН — 13 цифр."))
    if int(value[:12]) % 11 % 10 != int(value[12]):
        raise ValidationError(_("В ОГРН опечатка: не сходится контрольная цифра."))


def validate_bic(value: str) -> None:
    if not re.fullmatch(r"[0-2][0-9]{8}", value):
        raise ValidationError(_("БИК — 9 цифр, например 045805001."))


def validate_account(value: str) -> None:
    _digits(value, 20, _("Номер счёта — 20 цифр."))


def correspondent_account_fits(account: str, bic: str) -> bool:
    """Check the key by the Bank of Russia's rule (08.09.1997 № 515).

    The sum begins with «0» and signs 5–6 of the БИК.
    """
    return _key_fits("0" + bic[4:6] + account)


def settlement_account_fits(account: str, bic: str) -> bool:
    """Check the key of an account with the last three signs of the БИК.

    Clients of the Bank of Russia itself have the key of a correspondent account.
    """
    if bic[-3:] in CENTRAL_BANK:
        return correspondent_account_fits(account, bic)
    return _key_fits(bic[-3:] + account)


def _key_fits(digits: str) -> bool:
    total = sum(int(digit) * ACCOUNT_WEIGHTS[n % 3] for n, digit in enumerate(digits))
    return total % 10 == 0


def _digits(value: str, count: int, message: object) -> None:
    if not re.fullmatch(rf"[0-9]{{{count}}}", value):
        raise ValidationError(str(message))


# Say what cannot go on without requisites («квитанции», «приём платежей»); nothing where nothing needs them.
Needed = Callable[[], str]
_needed: list[Needed] = []


def requisites_needed_register(needed: Needed) -> None:
    """Register what depends on requisites. It is asked in the company's schema."""
    if needed not in _needed:
        _needed.append(needed)


class RequisitesForm(WagtailAdminModelForm):
    """Clearing what was filled in needs a tick that names it: an emptied field may be a slip."""

    cleared = forms.MultipleChoiceField(
        label=_("Очистить поля"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filled = {
            name: capfirst(str(CompanyRequisites._meta.get_field(name).verbose_name))
            for name in REQUISITES
            if self.initial.get(name)
        }
        self.fields["cleared"].choices = list(self.filled.items())
        self.fields["cleared"].help_text = _LOST if self.filled else ""

    def clean(self) -> dict[str, Any]:
        """Refuse to clear a field without its tick, and all that bills and payments are paid by."""
        super().clean()
        ticked = self.cleaned_data.get("cleared") or []
        emptied = [name for name in self.filled if self.cleaned_data.get(name) == ""]
        for name in emptied:
            if name not in ticked:
                self.add_error(name, _UNTICKED % {"field": self.filled[name]})
        if emptied and not any(self.cleaned_data.get(name) for name in NEEDED):
            blocked = [said for needed in _needed if (said := needed())]
            if blocked:
                self.add_error("cleared", _NEEDED % {"what": ", ".join(blocked)})
        return dict(self.cleaned_data)


class FilledPanel(FieldPanel):
    """The list of what can be cleared, where there is something."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(self.form.filled) and super().is_shown()


_LOST = _(
    "Если значение нужно удалить, сотрите его и\u00a0отметьте здесь. Без реквизитов "
    "на\u00a0квитанциях не\u00a0будет получателя и\u00a0QR-кода, в\u00a0чеках и\u00a0внизу "
    "сайта\u00a0— названия и\u00a0ИНН компании."
)
_UNTICKED = _(
    "Здесь было значение. Верните его, а\u00a0если его нужно удалить, отметьте «%(field)s» в\u00a0списке "
    "«Очистить поля»."
)
_NEEDED = _("Все реквизиты удалить нельзя: от\u00a0них зависят %(what)s.")


@register_setting(icon="doc-full")
class CompanyRequisites(PreviewableMixin, BaseSiteSetting):
    """The legal entity that is paid: the footer names it, bills and payments use it.

    Apart from the brand, because choosing a colour must not include redirecting payments. Lengths are
    those of the payment code on bills (ГОСТ Р 56042-2014): name 160, bank 45.
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
        FilledPanel("cleared"),
    ]
    base_form_class = RequisitesForm

    class Meta:
        verbose_name = _("реквизиты")
        # The rules themselves are rows of public, where no permission of a company reaches.
        permissions = [("view_legal_rules", "Может видеть правовые нормы")]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the home page, whose foot names the legal entity; Wagtail hands it over by the request."""
        site = Site.find_for_request(request)
        response: HttpResponse = site.root_page.specific.serve(request)
        return response

    def clean(self) -> None:
        """Check the keys of accounts, which prove a number together with the bank's."""
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and copy the ИНН to the company's row in public, by which payment codes find it."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            company = GasCompany.objects.filter(schema_name=current_schema())
            company.exclude(inn=self.inn).update(inn=self.inn)

    @property
    def is_complete(self) -> bool:
        """Return whether a bill can be paid by them."""
        return all(getattr(self, name) for name in NEEDED)
