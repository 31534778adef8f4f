"""A photo of the dial: judged by content, drawn anew, private to its sender."""

import datetime
import io
import re
import struct
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import schema_context
from limits import RateLimitItemPerDay
from PIL import Image

from cabinet.meters.models import DialPhoto, Reading, Submission
from cabinet.meters.readings import limits
from cabinet.meters.readings.photos import PENDING
from cabinet.meters.tasks import photos_forget
from portal.limits import CountersDown
from portal.uploads.services import private_storage, uploads_forget
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    make_meter,
    text_of,
)
from tests.support.readings import picture, sent


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def files(root) -> list[Path]:
    return [one for one in Path(root).rglob("*") if one.is_file()]


def test_a_photo_goes_with_the_reading_and_only_the_picture_is_kept(
    owner_client, path, meter, tmp_path
):
    owner_client.post(path, sent(meter, **{f"photo_{meter.pk}": picture()}))
    photo = DialPhoto.objects.get()
    assert photo.submission == Submission.objects.get()
    (kept,) = files(tmp_path)
    assert kept.relative_to(tmp_path).parts[:2] == ("companies", "pskov")
    assert "Псков".encode() not in kept.read_bytes()
    with Image.open(kept) as image:
        assert image.format == "JPEG" and not image.getexif()
        assert image.size == (300, 400)  # upright
    page = text_of(owner_client.get(f"{path}sent/{photo.submission.number}/"))
    assert f"{path}photos/{photo.pk}/" in page
    answer = owner_client.get(f"{path}photos/{photo.pk}/")
    assert answer.getvalue() == kept.read_bytes() and answer.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_big_picture_is_made_small(owner_client, path, meter, tmp_path):
    big = picture(size=(4000, 3000))
    owner_client.post(path, sent(meter, **{f"photo_{meter.pk}": big}))
    with Image.open(files(tmp_path)[0]) as image:
        assert max(image.size) == 1600


def test_a_damaged_exif_is_no_reason_to_refuse(owner_client, path, meter, tmp_path):
    orientation = struct.pack(">HHII", 0x0112, 3, 1, 6 << 16)
    resolution_in_letters = struct.pack(">HHI4s", 0x011A, 2, 4, b"abc\0")
    head = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 2)
    out = io.BytesIO()
    exif = head + orientation + resolution_in_letters + bytes(4)
    Image.new("RGB", (400, 300)).save(out, "JPEG", exif=exif)
    photo = SimpleUploadedFile("dial.jpg", out.getvalue())
    owner_client.post(path, sent(meter, **{f"photo_{meter.pk}": photo}))
    with Image.open(files(tmp_path)[0]) as image:
        assert image.size == (300, 400)


def huge():
    return SimpleUploadedFile("dial.jpg", b"\xff\xd8\xff" + b"0" * 60 * 1024 * 1024, "image/jpeg")


def bomb():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return SimpleUploadedFile("dial.png", out.getvalue(), "image/png")


REFUSED = {
    "60 MB": (huge, "Фото больше 20 МБ"),
    "a PDF": (lambda: SimpleUploadedFile("dial.jpg", b"%PDF-1.7 1 0 obj"), "Это не фотография"),
    "nothing": (lambda: SimpleUploadedFile("dial.jpg", b""), "Это не фотография"),
    "half of one": (
        lambda: SimpleUploadedFile("dial.jpg", picture().read()[:700]),
        "Это не фотография",
    ),
    "a GIF": (lambda: picture("GIF"), "Это не фотография"),
    "a bomb": (bomb, "слишком много точек"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_photo_is_refused_in_words_and_nothing_typed_is_lost(
    owner_client, path, meter, tmp_path, case
):
    make, message = REFUSED[case]
    page = text_of(owner_client.post(path, sent(meter, **{f"photo_{meter.pk}": make()})))
    assert message in page and 'value="1905"' in page
    assert not Reading.objects.filter(origin="portal").exists()
    assert not DialPhoto.objects.exists() and not files(tmp_path)


def test_a_photo_is_not_asked_for_again_when_something_else_is_wrong(owner_client, path, meter):
    page = text_of(owner_client.post(path, sent(meter, "3", **{f"photo_{meter.pk}": picture()})))
    kept = re.search(rf'name="pending_photo_{meter.pk}"\s+value="([^"]+)"', page)[1]
    assert "Фото получено" in page
    answer = {f"lower_{meter.pk}": "replaced", f"replaced_unknown_{meter.pk}": "on"}
    more = {f"pending_photo_{meter.pk}": kept, **answer}
    owner_client.post(path, sent(meter, "3", **more))
    assert str(DialPhoto.objects.get(submission__isnull=False).pk) == kept


def test_the_page_in_between_carries_it(owner_client, path, meter):
    data = {f"value_{meter.pk}": "1905", f"photo_{meter.pk}": picture()}
    page = text_of(owner_client.post(path, data))
    kept = re.search(rf'name="pending_photo_{meter.pk}" value="([^"]+)"', page)[1]
    owner_client.post(path, sent(meter, **{f"pending_photo_{meter.pk}": kept}))
    assert DialPhoto.objects.get().submission == Submission.objects.get()


@pytest.fixture
def photo(owner_client, path, meter):
    owner_client.post(path, sent(meter, **{f"photo_{meter.pk}": picture()}))
    return DialPhoto.objects.get()


def test_nobody_else_sees_it(guest, owner, stranger, pskov, account, path, photo, novgorod):
    address = f"photos/{photo.pk}/"
    assert guest.get(f"{path}{address}").status_code == 302
    theirs = make_link(stranger, pskov, make_account("900"))
    client = logged_in(stranger, PSKOV_HOST)
    assert client.get(f"{path}{address}").status_code == 404
    assert client.get(f"/cabinet/{theirs.pk}/readings/{address}").status_code == 404
    # Whoever has the account now is not shown what somebody else sent.
    also = make_link(stranger, pskov, account)
    assert client.get(f"/cabinet/{also.pk}/readings/{address}").status_code == 404
    page = f"/cabinet/{also.pk}/readings/sent/{photo.submission.number}/"
    assert str(photo.pk) not in text_of(client.get(page))
    assert logged_in(owner, NOVGOROD_HOST).get(f"{path}{address}").status_code == 404


def test_a_strangers_pending_photo_is_not_taken(owner_client, path, meter, stranger, account):
    foreign = DialPhoto.objects.create(extension="jpg", meter=meter, subscriber_id=stranger.pk)
    owner_client.post(path, sent(meter, **{f"pending_photo_{meter.pk}": str(foreign.pk)}))
    foreign.refresh_from_db()
    assert foreign.submission is None


def test_a_photo_of_another_account_is_not_taken(owner_client, owner, path, meter):
    other = make_meter(make_account("900"), "m-9", serial_number="9")
    foreign = DialPhoto.objects.create(extension="jpg", meter=other, subscriber_id=owner.pk)
    owner_client.post(path, sent(meter, **{f"pending_photo_{meter.pk}": str(foreign.pk)}))
    foreign.refresh_from_db()
    assert foreign.submission is None


def test_what_was_never_sent_is_forgotten_after_a_day(owner_client, path, meter, tmp_path):
    owner_client.post(path, sent(meter, **{f"photo_{meter.pk}": picture()}))
    owner_client.post(path, sent(meter, "3", **{f"photo_{meter.pk}": picture()}))
    assert len(files(tmp_path)) == 2 and uploads_forget(DialPhoto) == 0
    DialPhoto.objects.update(created_at=timezone.now() - datetime.timedelta(hours=25))
    unsent = DialPhoto.objects.get(submission=None)
    moved = private_storage().path(DialPhoto.objects.get(pk=unsent.pk).file_name)
    Path(moved).parent.mkdir(parents=True, exist_ok=True)
    assert uploads_forget(DialPhoto) == 1
    assert DialPhoto.objects.get().submission is not None


# --- how much is stored -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "limit", [name for name in dir(limits) if name.startswith(("PHOTOS_OF", "PHOTO_KB_OF"))]
)
def test_beyond_a_limit_the_reading_goes_without_its_photo(
    owner_client, path, meter, tmp_path, monkeypatch, limit
):
    most = 2 * (1 + picture().size // 1024) if "_KB_" in limit else 2
    monkeypatch.setattr(getattr(limits, limit), "item", RateLimitItemPerDay(most))
    monkeypatch.setattr(limits.SENDINGS_OF_PERSON, "item", RateLimitItemPerDay(100))
    for value in (1905, 1906, 1907):
        data = sent(meter, value, **{f"photo_{meter.pk}": picture()})
        page = text_of(owner_client.post(path, data, follow=True))
        assert "Показания успешно переданы" in page
        assert ("Фото не сохранено" in page) == (value == 1907)
    assert len(files(tmp_path)) == DialPhoto.objects.count() == 2
    assert [int(one.value) for one in Reading.objects.filter(origin="portal")] == [1907]


def test_a_refused_photo_is_not_even_decoded(owner_client, path, meter, monkeypatch):
    monkeypatch.setattr(limits.PHOTOS_OF_METER, "item", RateLimitItemPerDay(1))
    owner_client.post(path, sent(meter, "3", **{f"photo_{meter.pk}": picture()}))
    monkeypatch.setattr(Image, "open", lambda *args, **kwargs: 1 / 0)
    page = text_of(owner_client.post(path, sent(meter, "3", **{f"photo_{meter.pk}": bomb()})))
    assert "Фото не сохранено" in page and 'value="3"' in page


def test_without_counters_a_reading_goes_and_a_photo_does_not(
    owner_client, path, meter, tmp_path, monkeypatch
):
    def down(*_, **__):
        raise CountersDown

    monkeypatch.setattr("portal.limits.RateLimit.spend", down)
    page = text_of(
        owner_client.post(path, sent(meter, **{f"photo_{meter.pk}": picture()}), follow=True)
    )
    assert "успешно переданы" in page and "Фото не сохранено" in page
    assert not files(tmp_path)


def test_few_photos_wait_for_a_reading_and_those_of_others_are_let_be(
    owner_client, path, meter, stranger, tmp_path
):
    foreign = DialPhoto.objects.create(extension="jpg", meter=meter, subscriber_id=stranger.pk)
    owner_client.post(path, sent(meter, 1905, **{f"photo_{meter.pk}": picture()}))
    for _ in range(6):
        owner_client.post(path, sent(meter, "3", **{f"photo_{meter.pk}": picture()}))
    waiting = DialPhoto.objects.filter(submission=None)
    assert waiting.exclude(pk=foreign.pk).count() == PENDING and waiting.filter(pk=foreign.pk)
    assert len(files(tmp_path)) == PENDING + 1


def test_every_hour_all_that_were_not_sent_are_deleted(account, meter, owner):
    old = timezone.now() - datetime.timedelta(hours=25)
    DialPhoto.objects.bulk_create(
        DialPhoto(extension="jpg", meter=meter, subscriber_id=owner.pk) for _ in range(1200)
    )
    DialPhoto.objects.update(created_at=old)
    photos_forget()
    assert not DialPhoto.objects.exists()


def test_private_files_have_no_address_and_a_folder_a_company(account, photo):
    with pytest.raises(ValueError, match="no address"):
        private_storage().url(photo.file_name)
    with schema_context("novgorod"):
        assert not private_storage().exists(photo.file_name)
