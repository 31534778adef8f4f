"""A photo of a bill: its payment code names the company and the account number, and proves nothing.

The picture is read in memory and dropped: neither it nor what the code says besides is stored or logged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import zxingcpp
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from limits import RateLimitItemPerHour
from PIL import Image

from cabinet.accounts import typed
from portal.formats.payment_qr import (
    DamagedPaymentCode,
    NotPaymentCode,
    PaymentCode,
    payment_code_read,
)
from portal.limits import RateLimit
from portal.uploads.pictures import PictureRules, picture_grey
from tenants.models import GasCompany
from tenants.selectors import companies_by_region

PHOTOS_OF_PERSON = RateLimit("bill-photos", RateLimitItemPerHour(20))
KINDS = frozenset(map(str, GasCompany.Kind.values))
RULES = PictureRules(
    max_pixels=50_000_000,
    longest_side=4000,
    messages={
        "too_large": _(
            "Фото больше 20 МБ. Сделайте снимок поменьше или введите номер лицевого счёта сами."
        ),
        "too_many_pixels": _(
            "В снимке слишком много точек. Сделайте снимок поменьше или введите номер лицевого счёта сами."
        ),
        "not_a_picture": _("Это не фотография. Подойдёт снимок в формате JPEG, PNG или WebP."),
    },
)
# What is too fine or too noisy in one size is read in another.
SMALLER_SIDES = (2000, 1000)
_NAME_SHOWN = 100
# By code of the ValidationError.
_MESSAGES: dict[str, Any] = {
    "none": _("Выберите фото квитанции."),
    "no_code": _(
        "На фото не нашли QR-код. Снимите его ближе, чтобы он попал в кадр целиком и занял большую его часть."
    ),
    "unclear": _(
        "QR-код на фото не читается. Снимите его ещё раз: ровно, при хорошем свете, без бликов и складок."
    ),
    "not_bill": _(
        "Это QR-код не для оплаты квитанции. Сфотографируйте тот, по которому её оплачивают в банке."
    ),
    "damaged": _(
        "Этот QR-код записан с ошибкой, данные из него не взять. Введите номер лицевого счёта сами."
    ),
    "no_inn": _(
        "В этом QR-коде не указан ИНН компании. Выберите регион и введите номер лицевого счёта сами."
    ),
    "other": _(
        "Это квитанция другой организации: %(name)s. Нужна квитанция за газ или за капитальный ремонт "
        "от компании, у которой ваш лицевой счёт."
    ),
    "other_nameless": _(
        "Это квитанция другой организации. Нужна квитанция за газ или за капитальный ремонт от компании, "
        "у которой ваш лицевой счёт."
    ),
}


def _refusal(code: str, **params: str) -> ValidationError:
    return ValidationError(_MESSAGES[code], code=code, params=params)


@dataclass(frozen=True)
class BillFound:
    """What a bill's code names: regions and companies with its ИНН; with several, the person chooses."""

    inn: str
    places: list[tuple[str, GasCompany]]
    account_number: str  # empty where the code has none
    has_unified_number: bool = False


class BillPhotoForm(forms.Form):
    """A photo made now, or one that was made before. Sets `found`."""

    shot = forms.FileField(required=False)
    picture = forms.FileField(required=False)
    found: BillFound

    def clean(self) -> dict[str, Any]:
        field = "shot" if self.cleaned_data.get("shot") else "picture"
        file = self.cleaned_data.get(field)
        try:
            if file is None:
                raise _refusal("none")
            self.found = bill_named(code_in(file.file, file.size))
        except ValidationError as error:
            self.add_error(field, error)
        return self.cleaned_data


class PlaceForm(forms.Form):
    """Which of several companies with one ИНН is meant, or which of a company's regions.

    The hidden fields say nothing that a person might not type himself: the wizard checks it.
    """

    place = forms.ChoiceField(
        label=_("У какой компании ваш лицевой счёт?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите компанию: её название стоит в квитанции.")},
    )
    inn = forms.CharField(max_length=12, widget=forms.HiddenInput)
    account_number = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, found: BillFound | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if found:
            self.initial = {"inn": found.inn, "account_number": found.account_number}
        places = places_of(found.inn if found else str(self.data.get("inn", "")))
        self._places = {
            f"{company.schema_name}/{region}": (region, company) for region, company in places
        }
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — tells mypy the class
        field.choices = [
            (key, f"{company.name}, {region}") for key, (region, company) in self._places.items()
        ]

    @property
    def found(self) -> BillFound:
        """Return what a valid form names, with the one chosen place."""
        place = self._places[self.cleaned_data["place"]]
        number = self.cleaned_data["account_number"]
        return BillFound(self.cleaned_data["inn"], [place], number)


def code_in(file: IO[bytes], size: int) -> PaymentCode:
    """Return the payment code of a picture; of several codes the first that is one.

    Raises ValidationError in Russian with a code of `picture_redraw`, or `no_code`, `unclear`, `not_bill`,
    `damaged`.
    """
    picture = picture_grey(file, size, RULES)
    worst = "no_code"
    for some in _sizes(picture):
        for code in zxingcpp.read_barcodes(
            some, formats=zxingcpp.BarcodeFormat.QRCode, return_errors=True
        ):
            if not code.valid:
                worst = "unclear" if worst == "no_code" else worst
                continue
            try:
                return payment_code_read(bytes(code.bytes))
            except NotPaymentCode:
                worst = "not_bill" if worst != "damaged" else worst
            except DamagedPaymentCode:
                worst = "damaged"
    raise _refusal(worst)


def _sizes(picture: Image.Image) -> Iterator[Image.Image]:
    yield picture
    for side in SMALLER_SIDES:
        if max(picture.size) > side:
            smaller = picture.copy()
            smaller.thumbnail((side, side))
            yield smaller
    if max(picture.size) < SMALLER_SIDES[0]:
        yield picture.resize((picture.width * 2, picture.height * 2))


def bill_named(code: PaymentCode) -> BillFound:
    """Return the companies that the code pays, by their ИНН, and the account number.

    Raises ValidationError with the code `no_inn`, `other` or `other_nameless`.
    """
    if not code.payee_inn:
        raise _refusal("no_inn")
    places = places_of(code.payee_inn)
    if not places:
        name = code.payee[:_NAME_SHOWN]
        raise _refusal("other", name=name) if name else _refusal("other_nameless")
    try:
        number = typed.account_number(code.account_number)
    except ValueError:
        number = ""
    return BillFound(code.payee_inn, places, number, code.has_unified_number)


def places_of(inn: str) -> list[tuple[str, GasCompany]]:
    """Return regions with the active companies of this ИНН: nothing keeps two from having one."""
    return [
        (region, company)
        for region, some in companies_by_region(KINDS).items()
        for company in some
        if inn and company.inn == inn
    ]
