"""What an operator types to find an appeal."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.models import Appeal, AppealMessage
from cabinet.appeals.models.appeals import text_vector
from cms_pages.search import without_yo
from portal.formats.text import number_key

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
    by_text = first.filter(vector=words).values("pk")
    found = Q(pk__in=by_text.union(later.filter(vector=words).values("appeal_id")))
    key = number_key(typed)
    if any(sign.isdigit() for sign in key):
        accounts = PersonalAccount.objects.filter(number_key=key)
        found |= Q(account__in=accounts.values("pk"))
    if key.isascii() and key.isdecimal() and len(key) <= _LONGEST_NUMBER:
        found |= Q(pk=int(key))
    return found
