"""Operators find what was sent, and its photos; others of the staff do not."""

import pytest

from cabinet.meters.models import DialPhoto, Submission
from portal.staff.services import staff_create
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, PASSWORD, staff_client, text_of
from tests.support.readings import picture, sent


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def photo(owner_client, link, account):
    meter = account.meters.get()
    path = f"/cabinet/{link.pk}/readings/"
    owner_client.post(path, sent(meter, **{f"photo_{meter.pk}": picture()}))
    return DialPhoto.objects.get()


def test_an_operator_finds_a_submission_by_number_and_sees_it(pskov, photo):
    operator = staff_client(
        staff_create(username="operator", password=PASSWORD, groups=["Operators"])
    )
    submission = Submission.objects.get()
    listing = "/admin/meters/submission/"
    for asked in (submission.number, "805107", "805-107", "805 107\u200b", "805\u00a0107"):
        assert submission.spoken_number in operator.get(listing, {"q": asked}).content.decode()
    page = text_of(operator.get(f"{listing}inspect/{submission.pk}/"))
    for text in ("07416852", "1 905 м³", f"/admin/readings/photos/{photo.pk}/"):
        assert text in page, text
    assert operator.get(f"/admin/readings/photos/{photo.pk}/").getvalue().startswith(b"\xff\xd8")
    assert operator.get(f"{listing}create/").status_code in (302, 403, 404)


def test_a_fund_has_no_readings_to_list(pskov):
    operator = staff_client(
        staff_create(username="operator", password=PASSWORD, groups=["Operators"])
    )
    assert "/admin/meters/submission/" in operator.get("/admin/").content.decode()
    pskov.kind = "capital_repair"
    pskov.save()
    first_page = operator.get("/admin/").content.decode()
    assert "/admin/meters/submission/" not in first_page
    assert "/admin/exchange/packages/upload/" in first_page


def test_others_see_no_photo_and_no_submission(editor, photo, central_admin, guest):
    address = f"/admin/readings/photos/{photo.pk}/"
    assert staff_client(editor).get(address).status_code in (302, 403)
    assert staff_client(editor).get("/admin/meters/submission/").status_code in (302, 403)
    assert guest.get(address).status_code == 302
    assert guest.get(address, headers={"host": NOVGOROD_HOST}).status_code == 302
    base = staff_client(central_admin, BASE_HOST)
    assert base.get(address).status_code == 404
    assert base.get("/admin/meters/submission/").status_code == 404
