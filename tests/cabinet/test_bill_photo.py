"""A photo of a bill's payment code fills in company and number, and nothing else."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import schema_context
from PIL import Image
from wagtail.models import Site

from cabinet.accounts.linking.bill_photo import PHOTOS_OF_PERSON
from cabinet.subscribers.models import LinkingDraft
from cms_pages.models import CompanyRequisites
from devtools.demo.data.bills import code_drawn
from portal.formats.payment_qr import payment_code_write
from portal.limits import CountersDown
from tenants.models import GasCompany, Region
from tests.support.bill_photos import BILL, PSKOV_INN, bill_sheet, photo
from tests.support.factories import text_of

PATH = "/cabinet/accounts/add/photo/"
NOVGOROD_INN = "5321000001"
LINK = "https://pay.evil.example/?from=ST00012"


def requisites(company: GasCompany, inn: str) -> None:
    with schema_context(company.schema_name):
        found = CompanyRequisites.for_site(Site.objects.get(is_default_site=True))
        found.inn = inn
        found.save()


@pytest.fixture(autouse=True)
def inns(pskov, novgorod):
    requisites(pskov, PSKOV_INN)
    requisites(novgorod, NOVGOROD_INN)


def bill(scale: int = 8, encoding: str = "2", **values: str) -> Image.Image:
    said = {key: value for key, value in (BILL | values).items() if value}
    return code_drawn(payment_code_write(said, encoding), scale)


@pytest.fixture
def send(owner_client):
    def send(content: bytes, field: str = "picture", name: str = "IMG_0001.jpg"):
        file = SimpleUploadedFile(name, content, "image/jpeg")
        return owner_client.post(PATH, {field: file})

    return send


def small(code: Image.Image) -> bytes:
    out = io.BytesIO()
    code.save(out, "PNG")
    return out.getvalue()


def steps() -> dict:
    [draft] = LinkingDraft.objects.all()
    return json.loads(draft.content)["steps"]


def refused(answer, words: str) -> None:
    """The page says it once in the summary and once at the field, and nothing was begun."""
    assert answer.status_code == 200
    page = " ".join(text_of(answer).split())
    assert page.count(words) == 2, page
    assert not LinkingDraft.objects.exists()


@pytest.mark.parametrize(
    "taken",
    [
        {},
        {"turned": 17, "orientation": 6},
        {"turned": 200, "shadow": True, "noise": 0.2, "quality": 40},
        {"long_side": 1500, "turned": 4, "quality": 30},
        {"turned": 45, "blurred": 2, "noise": 0.1},
    ],
)
def test_company_and_number_are_read_from_a_photo(send, taken):
    answer = send(photo(bill_sheet(bill(encoding="1")), **taken))
    assert answer.status_code == 302
    draft = LinkingDraft.objects.get()
    assert answer.url == f"/cabinet/accounts/add/{draft.pk}/initials/"
    # No name, no meter, no sum: what would prove that the account is one's own is asked for.
    assert json.loads(draft.content)["steps"] == {
        "region": {"region": "Псковская область"},
        "company": {"company": "pskov"},
        "number": {"account_number": "805107"},
    }


def test_another_companys_bill_leads_to_that_company(send, owner_client):
    answer = send(small(bill(PayeeINN=NOVGOROD_INN, PersAcc="510080")), field="shot")
    assert steps()["company"] == {"company": "novgorod"}
    assert steps()["number"] == {"account_number": "510080"}
    assert "лицевой счёт 510080" in text_of(owner_client.get(answer.url, follow=True))


def test_a_small_picture_and_one_on_nothing_are_read(send):
    # A screenshot, some of which are transparent.
    code = bill(scale=2)
    clear = Image.new("LA", code.size, (0, 0))
    clear.putalpha(code.point(lambda point: 255 - point))
    assert send(small(clear)).status_code == 302


def test_a_bill_beside_an_advertisement(send):
    assert send(photo(bill_sheet(code_drawn(LINK, 8), bill()))).status_code == 302


def test_latin_look_alikes_are_no_difference(send):
    keys = {"PersAcc": "Р\u0435rsAcc", "PayeeINN": "\u0420aye\u0435INN"}
    said = {keys.get(key, key): value for key, value in BILL.items()}
    assert send(small(code_drawn(payment_code_write(said), 8))).status_code == 302
    assert steps()["number"] == {"account_number": "805107"}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("60АЕ712384", "единый лицевой счёт"),
        ("60AE712384-01", "единый лицевой счёт"),
        ("", "Номера лицевого счёта в QR-коде нет"),
        ("7" * 60, "Номера лицевого счёта в QR-коде нет"),
    ],
)
def test_without_a_number_the_company_is_filled_in(send, owner_client, number, said):
    answer = send(small(bill(PersAcc=number)))
    assert steps()["company"] == {"company": "pskov"} and "number" not in steps()
    assert said in " ".join(text_of(owner_client.get(answer.url, follow=True)).split())


def test_a_bill_of_another_organisation_is_named_and_never_followed(send):
    name = "ТСЖ <b>Уют</b>\u202e https://evil.example/ " + "я" * 100
    answer = send(small(bill(Name=name, PayeeINN="7707083893")))
    refused(answer, "Это квитанция другой организации: ТСЖ &lt;b&gt;Уют&lt;/b&gt; https://evil.ex")
    page = answer.content.decode()
    assert "<b>Уют" not in page and 'href="https://evil' not in page and "\u202e" not in page
    assert "я" * 80 not in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (LINK, "Это QR-код не для оплаты квитанции."),
        ("BEGIN:VCARD", "Это QR-код не для оплаты квитанции."),
        (b"ST00012|", "Этот QR-код записан с ошибкой"),
        (b"ST00012Name=A|PersAcc=1", "Этот QR-код записан с ошибкой"),
        ("ST00012|Name=A|PersAcc=805107", "В этом QR-коде не указан ИНН компании."),
        ("ST00012|PayeeINN=7707083893|PersAcc=1", "Это квитанция другой организации. Нужна"),
    ],
)
def test_other_codes(send, code, words):
    answer = send(small(code_drawn(code, 8)))
    refused(answer, words)
    assert "evil" not in text_of(answer)


def test_no_code_and_one_that_is_out_of_focus(send):
    refused(send(photo(bill_sheet(), noise=0.2)), "На фото не нашли QR-код.")
    refused(send(photo(bill_sheet(bill()), blurred=5.5)), "QR-код на фото не читается.")


def test_what_is_no_picture_and_what_is_too_large(send, monkeypatch):
    refused(send(b"%PDF-1.7\n%\xe2\xe3", name="bill.pdf"), "Это не фотография.")
    refused(send(b"<svg onload=alert(1)>", name="bill.svg"), "Это не фотография.")
    refused(send(photo(bill_sheet(bill()))[:9000]), "Это не фотография.")
    bomb = io.BytesIO()
    Image.new("1", (9000, 6000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 20_000
    refused(send(bomb.getvalue()), "В снимке слишком много точек.")
    refused(send(b"\xff\xd8\xff" + bytes(21 * 1024 * 1024)), "Фото больше 20 МБ.")


def test_nothing_chosen(owner_client):
    refused(owner_client.post(PATH, {}), "Выберите фото квитанции.")


def test_thirty_photos_in_a_row(send, owner_client, stranger):
    content = small(code_drawn(LINK, 3))
    codes = [send(content).status_code for _ in range(30)]
    assert codes == [200] * 20 + [429] * 10
    assert "Попробуйте через час" in text_of(send(content))
    assert PHOTOS_OF_PERSON.spend(str(stranger.pk))


def test_without_counters_nothing_is_read(send, monkeypatch):
    def down(*args, **kwargs):
        raise CountersDown

    monkeypatch.setattr(PHOTOS_OF_PERSON, "spend", down)
    answer = send(small(bill()))
    assert answer.status_code == 503 and not LinkingDraft.objects.exists()


def test_of_two_companies_with_one_inn_the_person_chooses(send, owner_client, pskov, novgorod):
    requisites(novgorod, PSKOV_INN)
    page = send(small(bill()))
    assert page.status_code == 200 and not LinkingDraft.objects.exists()
    hidden = {"inn": PSKOV_INN, "account_number": "805107"}
    for name, value in hidden.items():
        assert f'name="{name}" value="{value}"' in page.content.decode()
    again = owner_client.post(PATH, hidden)
    assert "Выберите компанию" in text_of(again) and not LinkingDraft.objects.exists()
    for wrong in ("yugra/Псковская область", "novgorod/Псковская область"):
        owner_client.post(PATH, hidden | {"place": wrong})
        assert not LinkingDraft.objects.exists()
    owner_client.post(PATH, hidden | {"place": "novgorod/Новгородская область"})
    assert steps()["company"] == {"company": "novgorod"}


def test_of_two_regions_of_a_company_the_person_chooses(send, owner_client, pskov):
    pskov.regions.add(Region.objects.get(name="Тверская область"))
    page = send(small(bill()))
    assert "Тверская область" in text_of(page) and not LinkingDraft.objects.exists()
    place = "pskov/Тверская область"
    owner_client.post(PATH, {"inn": PSKOV_INN, "account_number": "805107", "place": place})
    assert steps()["region"] == {"region": "Тверская область"}


def test_an_inn_is_copied_when_requisites_are_saved(pskov):
    assert GasCompany.objects.get(pk=pskov.pk).inn == PSKOV_INN
    requisites(pskov, "")
    assert GasCompany.objects.get(pk=pskov.pk).inn == ""


def test_no_inn_is_nobodys(send, pskov):
    requisites(pskov, "")
    refused(send(small(bill(PayeeINN=""))), "В этом QR-коде не указан ИНН компании.")


def test_a_company_that_is_not_served_is_another_organisation(send, novgorod):
    GasCompany.objects.filter(pk=novgorod.pk).update(status=GasCompany.Status.SUSPENDED)
    refused(send(small(bill(PayeeINN=NOVGOROD_INN))), "Это квитанция другой организации")


def test_the_page_is_for_those_who_are_logged_in(guest, owner_client):
    assert "/login/" in guest.get(PATH).url
    assert "/login/" in guest.post(PATH, {}).url
    page = owner_client.get(PATH).content.decode()
    assert 'capture="environment"' in page and 'enctype="multipart/form-data"' in page
