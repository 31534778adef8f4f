"""Whoever asks for links of an account says whose: a delegate's taken for a holder's is a leak."""

import ast

from tests.style.test_words import modules

# Where the queryset's own methods stand.
OWN = "cabinet/subscribers/models/subscriber.py"


def test_links_of_an_account_are_asked_for_by_whose_they_are():
    """By `holders_of`, `of_account` or `in_force`, never by a bare filter with a number."""
    found = []
    for path, tree in modules():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            asked = ast.unparse(call.func.value)
            names = [keyword.arg or "" for keyword in call.keywords]
            is_bare = asked.endswith(("AccountLink.objects", "account_links"))
            by_number = any(name.startswith("account_number") for name in names)
            by_join = any(
                name.startswith("account_links__") and name != "account_links__in" for name in names
            )
            reads = call.func.attr in ("filter", "exclude", "get", "get_or_create")
            if by_join or (is_bare and by_number and reads):
                found.append(f"{path}:{call.lineno}")
    assert [one for one in found if not one.startswith(OWN)] == []
