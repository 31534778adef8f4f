"""Secrets leave as hashes, codes are counted, tokens stay in their schema and their time."""

import datetime

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from portal import secrets
from portal.secrets import CODE_TRIES, CodeSpent, OneTimeCode, OneTimeToken, SignedToken


class Row(OneTimeCode):
    class Meta:
        abstract = True

    def __init__(self, owner: str) -> None:
        self.owner, self.saved = owner, 0
        self.code_hash, self.code_expires_at, self.code_tries_left = "", None, CODE_TRIES

    def code_owner(self) -> str:
        return self.owner

    def save(self, **_fields: object) -> None:
        self.saved += 1


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_two_secrets_differ_and_their_hashes_do_not_hold_them():
    first, second = secrets.new_secret(), secrets.new_secret()
    assert first != second and len(first) == 43
    assert first not in secrets.secret_hash(first)
    assert secrets.secret_hash(first) != secrets.secret_hash(first, schema="pskov")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("482913", "482913"),
        (" 482 913 ", "482913"),
        ("482–913", "482913"),
        ("48291", ""),
        ("٤٨٢٩١٣", ""),
        ("482a913", ""),
    ],
)
def test_a_code_as_people_type_it(typed, code):
    assert secrets.code_typed(typed) == code


class TestCodes:
    def test_the_right_code(self):
        row = Row("a")
        code = row.code_renew()
        assert secrets.code_typed(secrets.code_for_people(code)) == code
        assert row.code_check(code) and not row.saved

    def test_wrong_codes_are_counted_until_none_is_looked_at(self):
        row = Row("a")
        code = row.code_renew()
        for left in reversed(range(CODE_TRIES)):
            assert not row.code_check(wrong(code))
            assert row.code_tries_left == left and row.saved == CODE_TRIES - left
        with pytest.raises(CodeSpent):
            row.code_check(code)
        assert row.code_check(row.code_renew())

    def test_an_old_code_is_spent(self, clock):
        row = Row("a")
        code = row.code_renew()
        clock.forward(secrets.CODE_LIFETIME)
        with pytest.raises(CodeSpent):
            row.code_check(code)

    def test_no_code_is_no_code(self):
        row = Row("a")
        row.code_expires_at = timezone.now() + datetime.timedelta(hours=1)
        with pytest.raises(CodeSpent):
            row.code_check("")

    def test_another_rows_code_is_wrong(self):
        row, other = Row("a"), Row("b")
        code = row.code_renew()
        other.code_renew()
        other.code_hash = row.code_hash
        assert not other.code_check(code)


class TestTokens:
    def test_the_content_comes_back(self, pskov):
        kind = SignedToken("test")
        assert kind.read(kind.make({"account": 5})) == {"account": 5}
        assert kind.read(kind.make(5) + "x") is None

    def test_a_token_of_another_kind_is_refused(self, pskov):
        assert SignedToken("other").read(SignedToken("test").make(5)) is None

    def test_a_token_of_another_schema_is_refused_unless_any_will_do(self, pskov, novgorod):
        bound, free = SignedToken("test"), SignedToken("test", any_schema=True)
        tokens = bound.make(5), free.make(5)
        with schema_context("novgorod"):
            assert bound.read(tokens[0]) is None and free.read(tokens[1]) == 5

    def test_one_that_is_used_once(self, pskov):
        kind = OneTimeToken("test")
        first, second = kind.make([1, 2]), kind.make([1, 2])
        assert kind.read(first) == kind.read(second) == [1, 2]
        assert [kind.spend(first), kind.spend(first), kind.spend(second)] == [True, False, True]

    def test_a_token_ends_after_its_time(self, pskov, clock):
        kind = SignedToken("test", lifetime=datetime.timedelta(hours=1))
        token = kind.make(5)
        clock.forward(datetime.timedelta(minutes=59))
        assert kind.read(token) == 5
        clock.forward(datetime.timedelta(minutes=2))
        assert kind.read(token) is None
