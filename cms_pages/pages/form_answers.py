"""Answers of visitors to the forms of a site: stored, mailed, exported as tables."""

import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour
from wagtail.contrib.forms.models import AbstractForm, FormSubmission
from wagtail.contrib.forms.views import SubmissionsListView

from cms_pages.pages.form_sender import SENDER
from portal.connection import current_schema
from portal.http.addresses import client_network
from portal.limits import RateLimit
from portal.messaging.services import message_send
from portal.secrets import keyed_hash

# A household or an office shares an address. What all of a company's visitors send is limited too, because an
# attacker may have many addresses; with Valkey down the captcha alone holds.
ANSWERS_OF_BROWSER = RateLimit("form:browser", RateLimitItemPerHour(10))
ANSWERS_OF_ADDRESS = RateLimit("form:address", RateLimitItemPerHour(30))
ANSWERS_OF_COMPANY = RateLimit("form:company", RateLimitItemPerHour(500))

# Fields that are no part of the answer.
PROTECTION = ("captcha",)


class AnswersListView(SubmissionsListView):
    """The answers to a form, in which days are days and not the texts that JSON has for them."""

    def get_filename(self) -> str:
        return f"{self.form_page.slug}-{timezone.localdate()}"

    def to_row_dict(self, item: FormSubmission) -> dict[str, Any]:
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
def form_submission_save(*, page: AbstractForm, form: Any) -> FormSubmission:
    """Store the answers of a valid form and write the e-mails about them, in one transaction.

    `page` has the addresses to write to as `to_address`, with commas between them.
    """
    answers = {name: value for name, value in form.cleaned_data.items() if name not in PROTECTION}
    lines = [
        (form.fields[name].label, _as_text(value))
        for name, value in answers.items()
        if name != "consent"
    ]
    if sender := getattr(page, "sender", None):
        answers[SENDER] = sender.label
        lines.append((_("Отправлено из личного кабинета"), sender.label))
    submission = page.get_submission_class().objects.create(form_data=answers, page=page)
    for address in filter(None, map(str.strip, page.to_address.split(","))):
        context = {"page": page, "lines": lines, "company_name": page.get_site().site_name}
        message_send(kind="form_submission", recipient=address, context=context)
    return submission


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime.date):
        return str(date_format(value, "SHORT_DATE_FORMAT"))
    return str(value)
