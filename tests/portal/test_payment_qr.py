"""Payment codes of bills are read whatever they hold, and what is written is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.formats.payment_qr import (
    ENCODINGS,
    DamagedPaymentCode,
    NotPaymentCode,
    PaymentCode,
    is_unified_number,
    payment_code_read,
    payment_code_write,
)
from portal.formats.text import clean_text
from tests.support.bill_photos import BILL

VALUE = st.text("абвгдеёжзАБВГД ,.|~^#«»№0123456789ABCxyz-/", max_size=40)


@given(
    st.fixed_dictionaries(
        {"Name": VALUE.map("ООО «{}».".format), "PersAcc": VALUE, "Purpose": VALUE}
    ),
    st.sampled_from("12"),
)
def test_what_is_written_is_read_back(values, encoding):
    code = payment_code_read(payment_code_write(values, encoding))
    for key, value in values.items():
        assert code.value(key) == clean_text(value)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_is_read(encoding):
    values = {key: value.replace("«", "").replace("»", "") for key, value in BILL.items()}
    code = payment_code_read(payment_code_write(values, encoding))
    assert (code.payee, code.payee_inn) == ("ООО Газпром межрегионгаз Псков", "6027000009")
    assert code.account_number == "805107" and code.value("LastName") == "Осипова"


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"ST00012|", b"ST00011", b"ST00019~", b"st00013;"]),
)
def test_no_bytes_are_too_odd(content, head):
    try:
        code = payment_code_read(head + content)
    except (NotPaymentCode, DamagedPaymentCode):
        return
    assert isinstance(code, PaymentCode)
    assert code.payee_inn == "" or code.payee_inn.isdecimal()
    assert len(code.payee) <= 160 and "\0" not in code.payee + code.account_number


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text):
    for end in (text, f"|Name={text}|PersAcc={text}|{text}={text}"):
        try:
            payment_code_read(f"ST00012{end}".encode("utf-8", "surrogatepass"))
        except (NotPaymentCode, DamagedPaymentCode):
            continue


def test_case_order_look_alikes_and_spaces_of_keys_do_not_matter():
    # Cyrillic Р, е and с in the key, then capitals, then a space.
    for key in ("\u0420\u0435rs\u0410\u0441\u0441", "PERSACC", "persacc "):
        text = f"ST00012|PAYEEINN= 6027000009 |{key}=\u200b805107 |Name=ООО  «Газ»"
        code = payment_code_read(text.encode())
        assert (code.account_number, code.payee_inn) == ("805107", "6027000009"), key
        assert code.payee == "ООО «Газ»"


def test_another_separator_is_one_for_the_whole_text():
    written = payment_code_write({"Name": "ООО «А|Б»", "PersAcc": "1|2"})
    assert written.startswith(b"ST00012~Name=")
    assert payment_code_read(written).account_number == "1|2"
    with pytest.raises(ValueError, match="separator"):
        payment_code_write({"Name": "|~^#&;\\_"})


def test_utf8_that_calls_itself_cp1251_is_read_and_the_reverse():
    text = "|Name=ООО «Газпром межрегионгаз Псков»|PersAcc=805107"
    for content in (b"ST00011" + text.encode(), b"ST00012" + text.encode("cp1251")):
        assert payment_code_read(content).payee == "ООО «Газпром межрегионгаз Псков»"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"https://gosuslugi.example/pay?ST00012|Name=A", NotPaymentCode),
        (b"", NotPaymentCode),
        (b"ST0001", NotPaymentCode),
        (b"ST00012", DamagedPaymentCode),
        (b"ST00012|", DamagedPaymentCode),
        (b"ST00012Name=A|PersAcc=1", DamagedPaymentCode),
        (b"ST00012|no pairs at all", DamagedPaymentCode),
        (b"ST00012|Name=" + b"A" * 8000, NotPaymentCode),
    ],
)
def test_what_is_no_code_and_what_is_a_broken_one(content, error):
    with pytest.raises(error):
        payment_code_read(content)


def test_a_unified_number_is_no_account_number():
    # The letters may be Latin ones that look alike.
    for number in ("60АЕ712384", "60AE712384", "60АЕ712384-01", "60ае712384"):
        assert is_unified_number(number), number
        code = PaymentCode({"РЕRSАСС": number})
        assert code.account_number == "" and code.has_unified_number
    for number in ("805107", "8600114207", "60-АЕ-7123"):
        assert not is_unified_number(number)


def test_an_inn_is_digits_or_nothing():
    for inn in ("6027000009", "602700000912"):
        assert payment_code_read(f"ST00012|PayeeINN={inn}".encode()).payee_inn == inn
    for inn in ("602700000", "abc", "60270000O9", "٦٠٢٧٠٠٠٠٠٩"):
        assert payment_code_read(f"ST00012|PayeeINN={inn}".encode()).payee_inn == ""
