"""What an operator types to find an application."""

import re

from django.db.models import Q

from portal.formats.text import number_key

_PHONE = 10  # digits after +7


def applications_found(typed: str) -> Q:
    """Return the meanings of what was typed: a number here or at the recipient's, a contact, name, address.

    Numbers may have spaces, dashes and a leading «№». All words have to be in the name or in the address.
    """
    if "@" in typed:
        return Q(email__iexact=typed)
    plain = re.sub(r"[\s№]+", "", typed)
    found = Q(recipient_number__icontains=plain)
    if parts := re.findall(r"\d+", typed):
        found |= Q(cadastral_number__icontains=":".join(parts))
    if key := number_key(typed):
        found |= Q(number=key)
    digits = re.sub(r"\D", "", typed)
    if len(digits) >= _PHONE:
        found |= Q(phone__endswith=digits[-_PHONE:])
    name, address = Q(), Q()
    for word in typed.split():
        pattern = re.sub("[еёЕЁ]", "[её]", re.escape(word))
        name &= Q(applicant_name__iregex=pattern)
        address &= Q(address__iregex=pattern)
    return found | name | address
