"""When the captcha is met: by visitor, network and account."""

import pytest
from django.test import RequestFactory

from cabinet.payments.page.limits import payment_counted, payment_needs_captcha


def asked_by(ip: str, visitor: str = "v" * 22):
    request = RequestFactory().post("/", REMOTE_ADDR=ip)
    request.COOKIES["visitor"] = visitor
    request.subscriber = None  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize(
    "same",
    [
        {"ip": "203.0.113.7"},
        {"ip": "2001:db8::7"},
        {"visitor": "a" * 22},
        {"account": 1},
    ],
)
def test_the_sixth_payment_in_an_hour_meets_the_captcha(pskov, same):
    def values(number: int):
        found = {"ip": f"198.51.100.{number}", "visitor": f"{number:022d}", "account": number + 10}
        return found | same

    for number in range(5):
        one = values(number)
        request = asked_by(one["ip"], one["visitor"])
        assert not payment_needs_captcha(request, one["account"])
        payment_counted(request, one["account"])

    one = values(9)
    assert payment_needs_captcha(asked_by(one["ip"], one["visitor"]), one["account"])
    other = {"ip": "192.0.2.1", "visitor": "z" * 22, "account": 99}
    assert not payment_needs_captcha(asked_by(other["ip"], other["visitor"]), other["account"])


def test_accounts_of_two_companies_are_counted_apart(pskov, novgorod):
    from tenants.schemas import in_company

    for number in range(5):
        payment_counted(asked_by(f"198.51.100.{number}", f"{number:022d}"), 1)
    request = asked_by("192.0.2.1", "z" * 22)

    assert payment_needs_captcha(request, 1)
    with in_company(novgorod):
        assert not payment_needs_captcha(request, 1)
