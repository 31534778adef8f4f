"""Answers to the forms of the company's site as appeals: guests keep the form, the staff have one queue."""

from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import account_named
from cabinet.appeals.lifecycle.opening import appeal_open
from cabinet.appeals.models import Appeal, AppealKind
from cabinet.subscribers.models import AccountLink
from cms_pages.pages.form_answers import SiteAnswer, SiteAnswers
from portal.connection import current_schema
from portal.formats.text import clean_text
from portal.formats.text_fields import ParagraphsField
from tenants.selectors import current_company

# What of a form becomes a field of the appeal, and how much of it fits there.
_FACTS = {"name": 150, "email": 254, "phone": 30, "account_number": 50}


def site_form_received(sender: Any, sent: SiteAnswers, **_: Any) -> int | None:
    """Open an appeal by what a visitor has sent, and return its number (a receiver of `form_submitted`).

    The base host has forms too, but nobody who answers appeals; and some forms are none.
    """
    if current_schema() == "public" or not sent.is_appeal:
        return None
    facts, rest = _sorted_out(sent.answers)
    text, answers = _text_and_answers(rest)
    known = sent.sender
    appeal = appeal_open(
        source=Appeal.Source.SITE,
        kind=AppealKind.objects.filter(name=sent.title).first(),
        kind_name=sent.title[:150],
        account=_account_of(sent, facts),
        subscriber_id=known.key if known else None,
        contact_name=facts.get("name") or (known.name if known else ""),
        email=facts.get("email") or (known.email if known else ""),
        phone=facts.get("phone") or (known.phone if known else ""),
        text=text or sent.title,
        answers=answers,
        # The same words of the same browser, but of another person: an appeal of its own.
        form_key=uuid5(sent.key, str(known.key)) if known else sent.key,
    )
    return int(appeal.pk)


def _sorted_out(answers: tuple[SiteAnswer, ...]) -> tuple[dict[str, str], list[SiteAnswer]]:
    """Return the facts about the sender, and all other answers. A number that was typed stays an answer.

    What is not what its field asks for stays an answer too: nothing that was typed is lost.
    """
    facts: dict[str, str] = {}
    rest = []
    for one in answers:
        value = clean_text(one.value)
        if not value:
            continue
        if one.asked and one.asked not in facts and _fits(one.asked, value):
            facts[one.asked] = value
            if one.asked != "account_number":
                continue
        rest.append(one)
    return facts, rest


def _fits(asked: str, value: str) -> bool:
    if len(value) > _FACTS[asked]:
        return False
    if asked != "email":
        return True
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _text_and_answers(answers: list[SiteAnswer]) -> tuple[str, list[tuple[str, str]]]:
    """Return the text of the appeal and the fields beside it.

    The text is the first answer of several lines; a form without such a field gives all of them as text.
    """
    first = next((one for one in answers if one.is_long), None)
    if first is None:
        return "\n".join(f"{one.label}: {clean_text(one.value)}" for one in answers), []
    text = ParagraphsField(required=False).clean(first.value)
    return text, [(one.label, clean_text(one.value)) for one in answers if one is not first]


def _account_of(sent: SiteAnswers, facts: dict[str, str]) -> PersonalAccount | None:
    """Return the account that the visitor names, else the one that was opened last in the cabinet.

    A guest's word proves nothing: operators see by the source that it is only said. A person's history shows
    the account, and the answer goes there: it has to be the person's own, else it stays what was typed.
    """
    typed, known = facts.get("account_number"), sent.sender
    number = typed or (known.account_number if known else "")
    account = account_named(number) if number else None
    company = current_company()
    if account is None or known is None or company is None:
        return account
    own = AccountLink.objects.holders_of(company, account.account_number)
    return account if own.filter(subscriber=known.key, unconfirmed_since=None).exists() else None
