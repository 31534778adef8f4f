"""What an operator types to find an appeal."""

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.models import Appeal, AppealMessage
from cabinet.appeals.models.appeals import text_vector
from cms_pages.search import without_yo
from portal.formats.text import account_keys, number_key

_LONGEST_NUMBER = 18


def appeals_found(typed: str) -> Q:
    """Return the meanings of what was typed: a number, an account, an address of e-mail, words of the text.

    Words are found in any form, in the first text and in what followed it.
    """
    if "@" in typed:
        return Q(email__iexact=typed)
    words = SearchQuery(without_yo(typed), config="russian", search_type="websearch")
    first = Appeal.objects.alias(vector=text_vector("contact_name", "text"))
    later = AppealMessage.objects.alias(vector=text_vector("text"))
    found: list[QuerySet[Any]] = [later.filter(vector=words).values("appeal_id")]
    key = number_key(typed)
    if any(sign.isdigit() for sign in key):
        accounts = PersonalAccount.objects.filter(number_key__in=account_keys(typed))
        found.append(Appeal.objects.filter(account__in=accounts.values("pk")).values("pk"))
    if key.isascii() and key.isdecimal() and len(key) <= _LONGEST_NUMBER:
        found.append(Appeal.objects.filter(pk=int(key)).values("pk"))
    # Each by its own index: an OR of them would read the whole table.
    return Q(pk__in=first.filter(vector=words).values("pk").union(*found))
