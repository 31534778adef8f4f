"""The provider's reasons in plain words."""

import pytest
from yookassa.domain.models.cancellation_details import (
    CancellationDetailsPartyCode,
    CancellationDetailsReasonCode,
)

from cabinet.payments.result.reasons import Reason, reason_of, refund_reason_of


def values_of(codes: type) -> list[str]:
    return [value for name, value in vars(codes).items() if name.isupper()]


PARTIES = values_of(CancellationDetailsPartyCode)
CODES = [one for one in values_of(CancellationDetailsReasonCode) if one != "unknown"]
# What a payer has to do something about first: trying again changes nothing, or is forbidden.
NEVER_AGAIN = {
    "3d_secure_failed",
    "card_expired",
    "country_forbidden",
    "fraud_suspected",
    "payment_method_restricted",
    "permission_revoked",
}


@pytest.mark.parametrize("code", CODES)
def test_each_reason_of_the_provider_has_words_of_its_own(code):
    other = reason_of("a word of next year")
    for party in ("", *PARTIES):
        reason = reason_of(code, party)
        assert reason.text != other.text
        for sentence in (str(reason.text), str(reason.advice)):
            assert sentence.endswith(".") and code not in sentence


def test_a_charge_is_repeated_only_where_that_is_known_to_be_right():
    assert not {code for code in NEVER_AGAIN if reason_of(code).can_retry}
    assert reason_of("insufficient_funds", "payment_network").can_retry
    for code in ("", "unknown", "a word of next year"):
        assert reason_of(code) == reason_of("") and not reason_of(code).can_retry


def test_whom_to_ask_depends_on_who_has_refused():
    texts = {str(reason_of("general_decline", party).text) for party in ("merchant", "yoo_money")}
    assert len(texts | {str(reason_of("general_decline", "payment_network").text)}) == 3


def test_refunds_have_reasons_of_their_own():
    assert isinstance(refund_reason_of(""), Reason)
    assert refund_reason_of("insufficient_funds") != reason_of("insufficient_funds")
