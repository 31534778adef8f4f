"""What was paid through the portal proves nothing when an account is linked."""

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment
from tests.cabinet.billing.test_proofs import ODD, bill, count, owing, pay, payment
from tests.support.payments import make_paid


@pytest.fixture(autouse=True)
def _today(pskov, clock) -> None:
    clock.at("2026-11-28T12:00")


def test_what_billing_gives_back_is_no_proof(account: PersonalAccount) -> None:
    owner = owing()
    pay(owner, "1733.21")
    through_portal = make_paid(account, "2345.67")
    pay(owner, "2345.67", "2026-08-04", payment_id=str(through_portal.payment_id))
    assert BillingPayment.objects.filter(account=owner).count() == 2
    count()
    assert payment(owner) == {"1733.21"}


def test_a_rouble_makes_no_proof_of_the_sum_that_guests_have_seen(pskov) -> None:
    owner = owing(paid="0.00", accrued="0.00")
    count()
    assert bill(owner) == set()
    make_paid(owner, "1.00")
    assert ODD not in bill(owner)
