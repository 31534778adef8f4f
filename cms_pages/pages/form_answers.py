"""Answers of visitors to the forms of a site: stored, mailed, exported as tables."""

import datetime
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour
from wagtail.contrib.forms.models import AbstractForm
from wagtail.contrib.forms.views import SubmissionsListView

from cms_pages.inbox.models import FormEntry
from cms_pages.pages.form import CHOICE_FIELDS
from cms_pages.pages.form_sender import SENDER, FormSender, asked_by
from portal.connection import current_schema
from portal.formats.text import clean_text, fold
from portal.http.addresses import client_network
from portal.limits import RateLimit
from portal.messaging.letterhead import letterhead
from portal.messaging.services import message_send
from portal.secrets import keyed_hash

# A household or an office shares an address. What all of a company's visitors send is limited too, because an
# attacker may have many addresses; with Valkey down the captcha alone holds.
ANSWERS_OF_BROWSER = RateLimit("form:browser", RateLimitItemPerHour(10))
ANSWERS_OF_ADDRESS = RateLimit("form:address", RateLimitItemPerHour(30))
ANSWERS_OF_COMPANY = RateLimit("form:company", RateLimitItemPerHour(500))

# Fields that are no part of the answer.
PROTECTION = ("captcha",)

# Sent with a `SiteAnswers` in the transaction that stores them; a receiver answers with the number under
# which the company will reply, or None.
form_submitted = Signal()
_SIGNER = Signer(salt="cms_pages.form.sent")


@dataclass(frozen=True)
class SiteAnswer:
    """`asked`: which fact of a `FormSender` the field asks for, or ""; `is_long`: of several lines."""

    label: str
    value: str
    asked: str = ""
    is_long: bool = False


@dataclass(frozen=True)
class SiteAnswers:
    """What a visitor has answered, without consent and captcha. `key`: the same for a repetition."""

    title: str
    key: UUID
    answers: tuple[SiteAnswer, ...]
    sender: FormSender | None = None
    # Whether operators answer it as an appeal, within its term.
    is_appeal: bool = True

    @property
    def email(self) -> str:
        """Return where the visitor is answered; "" where no usable address was typed."""
        typed = [clean_text(one.value) for one in self.answers if one.asked == "email"]
        for address in [*typed, self.sender.email if self.sender else ""]:
            with suppress(ValidationError):
                validate_email(address)
                return address
        return ""


class AnswersListView(SubmissionsListView):
    """The answers to a form, in which days are days and not the texts that JSON has for them."""

    def get_filename(self) -> str:
        return f"{self.form_page.slug}-{timezone.localdate()}"

    def to_row_dict(self, item: FormEntry) -> dict[str, Any]:
        row: dict[str, Any] = super().to_row_dict(item)
        readers = {"date": parse_date, "datetime": parse_datetime}
        for field in self.form_page.get_form_fields():
            reader, value = readers.get(field.field_type), row.get(field.clean_name)
            if reader and isinstance(value, str):
                row[field.clean_name] = reader(value) or value
        return row


def may_answer(request: HttpRequest) -> bool:
    """Count an answer to a form of the site, and return whether it was within the limits."""
    browser = keyed_hash(request.META.get("CSRF_COOKIE", ""), purpose="form:browser")
    return all(
        limit.try_spend(key, when_down=True)
        for limit, key in (
            (ANSWERS_OF_BROWSER, browser),
            (ANSWERS_OF_ADDRESS, client_network(request)),
            (ANSWERS_OF_COMPANY, current_schema()),
        )
    )


def too_many_answers() -> str:
    """Return what to say beyond the limits, with the company's telephone where it has one."""
    from cms_pages.selectors import company_phone  # needs all models loaded

    phone = company_phone()
    otherwise = _(" или позвоните: %(phone)s") % {"phone": phone["number"]} if phone else ""
    return _(
        "Сообщение не отправлено: за последний час их пришло слишком много. Написанное осталось в форме — "
        "отправьте его через час%(otherwise)s."
    ) % {"otherwise": otherwise}


@transaction.atomic
def form_submission_save(*, page: AbstractForm, form: Any, key: UUID) -> int | None:
    """Store the answers of a valid form, write the e-mails about them, and tell who answers them.

    Returns the number under which the company will reply, where there is one.
    """
    stored = {name: value for name, value in form.cleaned_data.items() if name not in PROTECTION}
    answers = _answers_of(page, form)
    lines = [(one.label, one.value) for one in answers]
    sender = getattr(page, "sender", None)
    if sender:
        stored[SENDER] = sender.label
        lines.append((_("Отправлено из личного кабинета"), sender.label))
    sent = SiteAnswers(page.title, key, tuple(answers), sender, page.opens_appeal)
    addresses = form_addresses(page, form.cleaned_data)
    entry = FormEntry.objects.create(
        page=page,
        form_data=stored,
        title=page.title,
        answers=lines,
        email=sent.email,
        person=sender.key if sender else None,
        sent_to=", ".join(addresses),
    )
    _letters_write(page, entry, addresses)
    numbers: list[Any] = [one for _receiver, one in form_submitted.send(type(page), sent=sent)]
    number: int | None = next(filter(None, numbers), None)
    if number:
        FormEntry.objects.filter(pk=entry.pk).update(appeal_number=number)
    return number


def form_addresses(page: Any, cleaned: dict[str, Any]) -> list[str]:
    """Return where letters about an answer go: of the subjects chosen, else of form or company."""
    kinds = {one.clean_name: one.field_type for one in page.get_form_fields()}
    chosen = set()
    for name, value in cleaned.items():
        if kinds.get(name) in CHOICE_FIELDS:
            chosen |= {fold(str(one)) for one in (value if isinstance(value, list) else [value])}
    by_subject = [one.to_address for one in page.routes.all() if fold(one.answer) in chosen]
    given = ",".join(by_subject) or page.to_address or letterhead().reply_to
    return list(dict.fromkeys(filter(None, map(str.strip, given.split(",")))))


def _letters_write(page: Any, entry: FormEntry, addresses: list[str]) -> None:
    """Write a letter about an answer to each address; whoever answers it writes to the visitor."""
    site = page.get_site()
    context = {
        "title": entry.title,
        "lines": entry.answers,
        "company_name": site.site_name,
        "url": f"{site.root_url}{reverse('inbox_entry', args=[entry.pk])}",
    }
    for address in addresses:
        message_send(
            kind="form_submission", recipient=address, context=context, reply_to=entry.email
        )


def form_key_of(request: HttpRequest, page: AbstractForm) -> UUID:
    """Return the key of what a browser sends today by a form: a stored page has no key of its own."""
    typed = {
        name: value
        for name, value in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", *PROTECTION)
    }
    browser = request.META.get("CSRF_COOKIE", "")
    said = json.dumps([current_schema(), browser, page.pk, typed], sort_keys=True)
    return uuid5(NAMESPACE_URL, f"{timezone.localdate()}:{said}")


def sent_mark(number: int | None) -> str:
    """Return what the address of the thanks says; signed, so that nobody makes up a number there."""
    return _SIGNER.sign(str(number)) if number else ""


def sent_number(mark: str) -> int | None:
    try:
        return int(_SIGNER.unsign(mark))
    except BadSignature:
        return None


def _answers_of(page: AbstractForm, form: Any) -> list[SiteAnswer]:
    """Return what was answered, in the form's order; the consent is no answer."""
    fields = {field.clean_name: field for field in page.get_form_fields()}
    return [
        SiteAnswer(
            label=str(form.fields[name].label),
            value=_as_text(value),
            asked=asked_by(fields[name]),
            is_long=fields[name].field_type == "multiline",
        )
        for name, value in form.cleaned_data.items()
        if name in fields
    ]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime.date):
        return str(date_format(value, "SHORT_DATE_FORMAT"))
    return str(value)
