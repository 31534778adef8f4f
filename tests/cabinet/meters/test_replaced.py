"""«Счётчик заменили»: what is asked, who hears of it, and who sees the number that was typed."""

import pytest

from cabinet.meters.models import Reading, Submission, SubmissionLine
from portal.messaging.models import Message
from portal.staff.services import staff_create
from tests.support.billing import readings_acknowledge
from tests.support.factories import PASSWORD, make_link, staff_client, text_of
from tests.support.guest_readings import account_path, find
from tests.support.readings import portal_values, sent, sources_given

NUMBER = "АБ-10 20305"


@pytest.fixture(autouse=True)
def _a_day(clock):
    clock.at("2026-11-20T12:00")


def replaced(meter, value=3, **more):
    number = {f"replaced_number_{meter.pk}": f" {NUMBER}\u200b "}
    return sent(meter, value, **{f"lower_{meter.pk}": "replaced", **(more or number)})


@pytest.mark.parametrize("typed", [{}, {"number": " -\u200b"}, {"number": "1" * 51}])
def test_the_new_number_or_not_yet_is_asked_for(owner_client, path, meter, typed):
    more = {f"replaced_number_{meter.pk}": value for value in typed.values()}
    answer = owner_client.post(path, replaced(meter, **more, x="1"))
    page = text_of(answer)
    assert answer.status_code == 200 and f"id_replaced_number_{meter.pk}_error" in page
    assert ("или отметьте «Ещё не знаю»" in page) == ("1" * 51 not in more.values())
    assert not Submission.objects.exists()
    unknown = {f"replaced_unknown_{meter.pk}": "on"}
    assert owner_client.post(path, replaced(meter, **unknown)).status_code == 302
    assert SubmissionLine.objects.get().new_serial_number == ""


def test_the_holder_is_told_what_happens_next(owner, owner_client, stranger, pskov, path, meter):
    make_link(stranger, pskov, meter.account)
    page = text_of(owner_client.post(path, replaced(meter), follow=True))
    printed = owner_client.get(f"{path}sent/{Submission.objects.get().number}/")
    for text in (page, text_of(printed)):
        assert f"Счётчик заменён, номер нового — {NUMBER}" in text
        assert "передадим компании с пометкой о замене" in text
    # A mailbox is read by others too.
    for letter in Message.objects.all():
        assert "счётчик заменён" in letter.text and NUMBER not in letter.text + letter.html
    assert Message.objects.count() == 2


def test_billing_hears_of_it_by_the_source_and_once_it_has_it_is_final(owner_client, path, meter):
    owner_client.post(path, sent(meter, 1905))
    assert sources_given() == ["cabinet"]
    owner_client.post(path, replaced(meter))
    assert sources_given() == ["cabinet", "cabinet_meter_replaced"]
    readings_acknowledge()
    assert "уже ушло в расчёт" in text_of(owner_client.post(path, sent(meter, 1906)))
    assert portal_values() == [3]


def test_the_mark_is_not_taken_for_another_channel(owner_client, path, meter):
    """Billing has the plain reading; the corrected one may not replace it for its mark alone."""
    owner_client.post(path, sent(meter, 1905))
    readings_acknowledge()
    assert "уже ушло в расчёт" in text_of(owner_client.post(path, replaced(meter)))
    assert portal_values() == [1905]


def test_what_a_guest_typed_is_shown_to_operators_alone(guest, owner_client, path, meter):
    address = account_path(find(guest))
    receipt = text_of(guest.post(address, replaced(meter), follow=True))
    submission = Submission.objects.get()
    assert "Счётчик заменён" in receipt and "о замене" in receipt
    assert sources_given() == ["guest_meter_replaced"]
    pages = [receipt, text_of(guest.get(address)), text_of(owner_client.get(path))]
    pages.append(text_of(owner_client.get(f"{path}sent/{submission.number}/")))
    assert not any(NUMBER in page for page in pages)
    operator = staff_client(
        staff_create(username="operator", password=PASSWORD, groups=["Operators"])
    )
    listing = "/admin/meters/submission/"
    for page in (f"{listing}?replaced=yes", f"{listing}inspect/{submission.pk}/"):
        assert NUMBER in text_of(operator.get(page)), page
    SubmissionLine.objects.update(lower_reason=Reading.LowerReason.ROLLED_OVER)
    found = text_of(operator.get(f"{listing}?replaced=yes"))
    assert submission.spoken_number.replace("\xa0", " ") not in found


def test_no_answer_tells_whether_the_number_is_a_meters(guest, meter):
    """The old meter's own number is a proof of linking: guessed here, it looks like any other."""

    def answer(number: str) -> tuple[int, str]:
        page = account_path(find(guest))
        done = guest.post(page, replaced(meter, **{f"replaced_number_{meter.pk}": number}))
        return done.status_code, done.headers["Location"].partition("?")[2][:4]

    assert answer(meter.serial_number) == answer("99999999") == (302, "sent")
