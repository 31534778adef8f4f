"""Find an account by what a caller says: by an index where there is one, by reading the table else.

Measured with a million accounts on two busy cores: a number or a surname 1–3 ms, a meter's number 10 ms, a
part of an address alone about a second. An index of trigrams would find it in 20 ms, but fills for 11 s and
44 MB with each first import, for a search that is made seldom.
"""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from limits import RateLimitItemPerHour

from cabinet.accounts.models import SURNAME_FORM, PersonalAccount
from cabinet.meters.models import Meter
from cabinet.subscribers.contacts import Contact, email_normal
from cabinet.subscribers.models import AccountLink
from portal.connection import connection
from portal.formats.phones import phone_normal
from portal.formats.text import account_keys, number_key
from portal.limits import RateLimit
from tenants.models import GasCompany

SHOWN = 20
# Nobody copies the list of accounts by looking for all of them.
SEARCHES = RateLimit("operators:search", RateLimitItemPerHour(300))

_WORD = re.compile(r"[\w-]+")
# What every address has, in short: it says nothing.
_SHORT_WORD = 2


@dataclass(frozen=True)
class FoundAccounts:
    """`is_cut`: there are more than are shown. `is_too_wide`: the search was given up."""

    accounts: list[PersonalAccount] = field(default_factory=list)
    is_cut: bool = False
    is_too_wide: bool = False


def accounts_find(text: str, company: GasCompany) -> FoundAccounts:
    """Return the accounts of the company, whose schema is entered, that the text may mean."""
    rows = _by_contact(text, company) if "@" in text else _by_number(text, company)
    if not rows and "@" not in text:
        try:
            rows = _by_words(text)
        except OperationalError:  # given up after the time below
            return FoundAccounts(is_too_wide=True)
    shown = sorted(rows[:SHOWN], key=lambda one: (one.address, one.account_number))
    return FoundAccounts(shown, is_cut=len(rows) > SHOWN)


def _by_number(text: str, company: GasCompany) -> list[PersonalAccount]:
    """Return those whose own number it is, or that of a meter, a submission, a subscriber's telephone."""
    key = number_key(text)
    if not any(sign.isdecimal() for sign in key):
        return []
    meters = Meter.objects.filter(compared_number=key).values_list("account", flat=True)
    rows = _first(PersonalAccount.objects.filter(number_key__in=account_keys(text)))
    rows += _first(PersonalAccount.objects.filter(pk__in=list(meters[: SHOWN + 1])))
    rows += _first(PersonalAccount.objects.filter(submissions__number=key))
    rows += _by_contact(text, company)
    return list({one.pk: one for one in rows}.values())


def _by_contact(text: str, company: GasCompany) -> list[PersonalAccount]:
    """Return those that a person with this very e-mail or telephone has linked."""
    try:
        contact = (
            Contact("email", email_normal(text))
            if "@" in text
            else Contact("phone", phone_normal(text))
        )
    except ValidationError:
        return []
    persons = {f"subscriber__{kind}": value for kind, value in contact.lookup().items()}
    links = AccountLink.objects.filter(company=company, **persons)
    numbers = list(links.values_list("account_number", flat=True)[: SHOWN + 1])
    return _first(PersonalAccount.objects.filter(account_number__in=numbers))


def _by_words(text: str) -> list[PersonalAccount]:
    """Return those with the first word as the start of the surname, else with all words in the address."""
    words = [word for word in _WORD.findall(text) if len(word) > _SHORT_WORD or word[0].isdecimal()]
    letters = [word for word in words if not word[0].isdecimal()]
    if not letters:
        return []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5s'")
        surname, *others = letters
        start = surname.upper().replace("Ё", "Е")
        named = PersonalAccount.objects.alias(surname=SURNAME_FORM).filter(
            surname__startswith=start
        )
        rest = [*others, *(word for word in words if word not in letters)]
        found = _first(named.filter(*(_said(word, with_names=True) for word in rest)))
        return found or _first(PersonalAccount.objects.filter(*map(_said, words)))


def _said(word: str, *, with_names: bool = False) -> Q:
    """Return whether the address has the word, a number as a whole; or name and patronymic have it."""
    if word[0].isdecimal():
        return Q(address__iregex=rf"(^|[^0-9]){re.escape(word)}($|[^0-9])")
    there = Q(address__icontains=word)
    if with_names:
        there |= Q(first_name__icontains=word) | Q(patronymic__icontains=word)
    return there


def _first(rows: QuerySet[PersonalAccount]) -> list[PersonalAccount]:
    """Return one more than is shown, in no order: with one, all that match would be read first."""
    return list(rows[: SHOWN + 1])
