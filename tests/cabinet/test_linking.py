"""The linking wizard, by the steps of manual 1, 2.1.5.1.1."""

import datetime
import json
import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.linking.drafts import MOST, DraftStorage, draft_start, drafts_forget
from cabinet.accounts.links.ending import link_end_by_operator
from cabinet.subscribers.models import AccountLink, Consent, LinkingDraft
from portal.connection import connection
from portal.staff.models import StaffUser
from tenants.models import GasCompany
from tenants.routing import forget_routes
from tests.support.applications import make_application, make_operator
from tests.support.delegates import make_delegate
from tests.support.documents import publish
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    make_account,
    make_link,
    make_meter,
    make_subscriber,
    text_of,
)
from tests.support.linking import RIGHT, START, box_of, link_by_wizard

FAR = {"region": "Новгородская область", "account_number": "510080"}


def begin(client: Client, region: str = RIGHT["region"]) -> str:
    """Send the first step, and return the address of the draft."""
    address = client.post(START, {"region": region}).headers["Location"]
    return re.match(r"/cabinet/accounts/add/[0-9a-f-]{36}/", address)[0]


def send(client: Client, draft: str, **steps: dict[str, str]) -> str:
    """Send steps of a draft, and return the address that the last one leads to."""
    for step, fields in steps.items():
        answer = client.post(f"{draft}{step}/", fields)
        assert answer.status_code == 302, "a form is always answered by a redirect"
    return answer.headers["Location"]


def named(number: str = "805107", initials: str = "ОЕГ") -> dict[str, dict[str, str]]:
    return {"number": {"account_number": number}, "initials": {"initials": initials}}


METHOD = {"proof": "meter", "serial_number": RIGHT["serial_number"]}


# --- the manual's steps ---------------------------------------------------------------------------------


def test_the_steps_of_the_manual(owner_client, owner, account):
    """Region, number, initials, way, consent, with «Далее» after each."""
    page = text_of(owner_client.get(START))
    assert "Шаг 1 из 5" in page and "Далее" in page and "Текущие привязки" in page
    assert '<option value="Псковская область" selected>' in page
    assert not LinkingDraft.objects.exists()
    answer = owner_client.post(START, {"region": RIGHT["region"]})
    for number, step, field in (
        (2, "number", "account_number"),
        (3, "initials", "initials"),
        (4, "method", "proof"),
    ):
        address = answer.headers["Location"]
        assert address.endswith(f"/{step}/")
        page = text_of(owner_client.get(address))
        assert f"Шаг {number} из 5" in page and f'name="{field}"' in page
        assert "Ошибка" not in page and "Текущие привязки" in page
        answer = owner_client.post(address, RIGHT)
    page = text_of(owner_client.get(answer.headers["Location"]))
    assert "Шаг 5 из 5" in page and "согласие на обработку персональных данных" in page
    assert " checked" not in page and not AccountLink.objects.exists()
    done = owner_client.post(answer.headers["Location"], {"consent": box_of(page)})
    link = AccountLink.objects.get()
    assert done.headers["Location"] == f"/cabinet/{link.pk}/"
    assert "805107 привязан" in text_of(owner_client.get(done.headers["Location"]))
    assert (link.subscriber, link.proof, link.region) == (owner, "meter", RIGHT["region"])
    assert Consent.objects.get().subscriber == owner


def test_back_and_forward_keep_what_was_typed(owner_client, owner, pskov, account):
    agree(owner, pskov)
    draft = begin(owner_client)
    to = send(owner_client, draft, **named(), method=METHOD | {"serial_number": "17"})
    assert to == f"{draft}not-found/"
    for step, typed in (("region", "selected"), ("number", "805107"), ("method", "17")):
        page = text_of(owner_client.get(f"{draft}{step}/"))
        assert typed in page and "Ошибка" not in page
    assert f'href="{draft}region/"' in text_of(owner_client.get(f"{draft}number/"))
    to = send(owner_client, draft, method=METHOD)
    assert to == f"/cabinet/{AccountLink.objects.get().pk}/"


def test_what_is_wrong_is_said_by_a_page_that_can_be_reloaded(owner_client, pskov):
    draft = begin(owner_client)
    assert send(owner_client, draft, number={"account_number": ""}) == f"{draft}number/"
    for _ in range(2):
        page = text_of(owner_client.get(f"{draft}number/"))
        assert "<title>Ошибка: " in page and page.count("Укажите номер лицевого счёта") == 2
    to = send(owner_client, draft, number={"account_number": "1"}, initials={"initials": "АБВГД"})
    page = text_of(owner_client.get(to))
    assert "Введите только инициалы" in page and 'value="АБВГД"' in page


def test_a_step_ahead_leads_back_to_what_is_missing(owner_client, pskov):
    draft = begin(owner_client)
    for step in ("method", "consent", "not-found", "nowhere"):
        answer = owner_client.get(f"{draft}{step}/")
        assert answer.headers["Location"] == f"{draft}number/", step
    assert send(owner_client, draft, method=METHOD) == f"{draft}number/"


# --- drafts ---------------------------------------------------------------------------------------------


def test_two_tabs_do_not_mix(owner_client, owner, pskov, account):
    agree(owner, pskov)
    other = make_account("900", last_name="Бобров", first_name="Евгений", patronymic="")
    make_meter(other, "m-9", serial_number="30518264")
    one, two = begin(owner_client), begin(owner_client)
    send(owner_client, one, **named())
    send(owner_client, two, **named("900", "БЕ"))
    assert "805107" in text_of(owner_client.get(f"{one}number/"))
    send(owner_client, one, method=METHOD)
    send(owner_client, two, method=METHOD | {"serial_number": "30518264"})
    numbers = set(AccountLink.objects.values_list("account_number", flat=True))
    assert numbers == {"805107", "900"}


def test_a_draft_is_its_persons_and_encrypted(owner_client, owner, stranger, pskov):
    draft = begin(owner_client)
    send(owner_client, draft, number={"account_number": "805107", "password": "x" * 50})
    thief = logged_in(stranger, PSKOV_HOST)
    for step in ("number", "initials", "operator", "not-found"):
        assert thief.get(f"{draft}{step}/").status_code == 404
        assert thief.post(f"{draft}{step}/", {"account_number": "1"}).status_code == 404
    [stored] = LinkingDraft.objects.all()
    assert "805107" in stored.content and "xxx" not in stored.content
    with connection.cursor() as cursor:
        cursor.execute('SELECT content FROM "public"."subscribers_linkingdraft"')
        assert "805107" not in cursor.fetchone()[0]


def test_a_draft_stays_small_and_what_is_too_long_wrong(owner_client, pskov):
    draft = begin(owner_client)
    to = send(owner_client, draft, number={"account_number": ["1" * 500_000] * 3})
    assert to.endswith("/number/") and "Ошибка" in text_of(owner_client.get(to))
    assert len(LinkingDraft.objects.get().content) < 1000


def test_a_late_request_stores_nothing_in_a_finished_draft(owner_client, owner, pskov, account):
    agree(owner, pskov)
    draft = begin(owner_client)
    send(owner_client, draft, **named())
    late = DraftStorage("", SimpleNamespace(linking_draft=LinkingDraft.objects.get()))
    send(owner_client, draft, method=METHOD)
    late.set_step_data("number", {"account_number": ["805107"]})
    late.set_step_data("initials", {"initials": ["ОЕ"]})
    late.update_response(HttpResponse())
    assert list(json.loads(LinkingDraft.objects.get().content)) == ["linked"]


def test_a_draft_lives_for_a_day(owner_client, owner, pskov):
    draft = begin(owner_client)
    LinkingDraft.objects.update(expires_at=timezone.now())
    answer = owner_client.get(f"{draft}number/", follow=True)
    assert "Начните, пожалуйста, сначала" in text_of(answer)
    fresh = draft_start(owner, region=RIGHT["region"])
    assert drafts_forget() == 1
    for _ in range(MOST):
        draft_start(owner, region=RIGHT["region"])
    assert LinkingDraft.objects.count() == MOST
    assert not LinkingDraft.objects.filter(pk=fresh.pk).exists()


def test_a_draft_that_is_filled_from_a_photo_begins_at_the_initials(owner_client, owner, pskov):
    draft = draft_start(owner, region=RIGHT["region"], company=pskov, account_number="805107")
    page = text_of(owner_client.get(f"/cabinet/accounts/add/{draft.pk}/initials/"))
    assert "Псковская область" in page and "805107" in page and "Шаг 3" in page


# --- the same account, twice ----------------------------------------------------------------------------


def test_two_wizards_finish_the_same_account(owner_client, owner, pskov, account):
    agree(owner, pskov)
    one, two = begin(owner_client), begin(owner_client)
    first, second = (send(owner_client, draft, **named(), method=METHOD) for draft in (one, two))
    assert first == second == f"/cabinet/{AccountLink.objects.get().pk}/"
    assert "у вас уже привязан" in text_of(owner_client.get(second))
    # A finished draft has forgotten everything, and leads to the account.
    assert send(owner_client, one, method=METHOD) == first
    assert "07416852" not in LinkingDraft.objects.order_by("created_at").first().content


def test_the_last_step_finds_an_account_that_was_linked_meanwhile(owner_client, owner, account):
    draft = begin(owner_client)
    to = send(owner_client, draft, **named(), method=METHOD)
    assert to == f"{draft}consent/"
    box = box_of(text_of(owner_client.get(to)))
    link = make_link(owner, GasCompany.objects.get(schema_name="pskov"), account)
    assert send(owner_client, draft, consent={"consent": box}) == f"/cabinet/{link.pk}/"
    assert AccountLink.objects.count() == 1 and not Consent.objects.exists()


def test_a_number_that_is_ones_own_is_told_at_once(owner_client, link):
    draft = begin(owner_client)
    to = send(owner_client, draft, number={"account_number": "№ 805107"})
    assert to == f"/cabinet/{link.pk}/"


def test_a_kill_between_answer_and_link_leaves_nothing_half(
    owner_client, owner, account, monkeypatch
):
    draft = begin(owner_client)
    to = send(owner_client, draft, **named(), method=METHOD)
    box = box_of(text_of(owner_client.get(to)))
    with monkeypatch.context() as killed:
        killed.setattr("cabinet.accounts.links.services.consents_give", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            owner_client.post(to, {"consent": box})
    assert not AccountLink.objects.exists() and not Consent.objects.exists()
    send(owner_client, draft, consent={"consent": box})
    assert AccountLink.objects.exists() and Consent.objects.exists()


# --- consent --------------------------------------------------------------------------------------------


@pytest.fixture
def far_account(novgorod):
    with schema_context("novgorod"):
        account = make_account("510080")
        make_meter(account)
        return account


def test_without_the_tick_the_page_says_kindly_what_to_do(owner_client, account):
    page = text_of(link_by_wizard(owner_client, agree=False))
    assert "Осталось поставить отметку" in page and "Шаг 5 из 5" in page
    assert "Ошибка" not in page and "field__error" not in page and " checked" not in page
    assert not AccountLink.objects.exists()


def test_another_company_asks_for_a_consent_of_its_own(
    owner_client, owner, pskov, far_account, novgorod
):
    agree(owner, pskov)
    assert "Шаг 1 из 4" in text_of(owner_client.get(START))
    page = text_of(link_by_wizard(owner_client, FAR, until="consent"))
    assert novgorod.name in page and f"{novgorod.url}/cabinet/documents/consent/" in page
    page = text_of(link_by_wizard(owner_client, FAR))
    link = AccountLink.objects.get()
    assert link.company == novgorod and "510080 привязан" in page
    assert f"{novgorod.url}/cabinet/go/{link.pk}/" in page
    consent = Consent.objects.get(company=novgorod)
    assert (consent.subscriber, consent.text.kind, consent.host) == (owner, "consent", PSKOV_HOST)
    # Once is enough.
    assert "уже привязан" in text_of(link_by_wizard(owner_client, FAR))


def test_an_account_that_is_not_found_leaves_no_consent(owner_client, far_account, novgorod):
    link_by_wizard(owner_client, FAR | {"serial_number": "1"})
    assert not Consent.objects.filter(company=novgorod).exists()


def test_the_box_of_one_company_is_not_anothers(owner_client, account, far_account):
    box = box_of(text_of(link_by_wizard(owner_client, until="consent")))
    draft = begin(owner_client, FAR["region"])
    send(owner_client, draft, **named(FAR["account_number"]), method=METHOD)
    assert send(owner_client, draft, consent={"consent": box}) == f"{draft}consent/"
    assert not AccountLink.objects.exists()


def test_a_wording_that_is_replaced_meanwhile_is_read_again(owner_client, owner, pskov, account):
    box = box_of(text_of(link_by_wizard(owner_client, until="consent")))
    publish("consent", "<p>Новое.</p>")
    draft = begin(owner_client)
    to = send(owner_client, draft, **named(), method=METHOD, consent={"consent": box})
    page = text_of(owner_client.get(to))
    assert to == f"{draft}consent/" and "Осталось поставить отметку" in page
    assert not AccountLink.objects.exists()


# --- regions and companies ------------------------------------------------------------------------------


@pytest.fixture
def fund(pskov, novgorod) -> GasCompany:
    """A fund in the same region as the gas company."""
    with schema_context("public"):
        novgorod.kind = GasCompany.Kind.CAPITAL_REPAIR
        novgorod.save()
        novgorod.regions.set(pskov.regions.all())
    forget_routes()
    return novgorod


def test_where_there_are_several_companies_it_is_asked_which(owner_client, owner, pskov, fund):
    assert "Шаг 1 из 6" in text_of(owner_client.get(START))
    answer = owner_client.post(START, {"region": RIGHT["region"]})
    page = text_of(owner_client.get(answer.headers["Location"]))
    assert pskov.name in page and fund.name in page
    assert re.search(r'value="pskov"[^>]*checked', page), "this host's is chosen already"
    draft = answer.headers["Location"].removesuffix("company/")
    assert send(owner_client, draft, company={"company": "novgorod"}) == f"{draft}number/"
    # Which ways a fund has is asked of its own.
    to = send(owner_client, draft, **named())
    page = text_of(owner_client.get(to, follow=True))
    assert 'name="serial_number"' not in page


def test_a_company_that_cannot_be_asked(owner_client, novgorod, monkeypatch):
    draft = begin(owner_client)
    monkeypatch.setattr("tenants.selectors.is_behind", lambda schema: schema == "novgorod")
    to = send(owner_client, draft, region={"region": FAR["region"]})
    assert "сейчас недоступна" in text_of(owner_client.get(to))
    with schema_context("public"):
        GasCompany.objects.filter(pk=novgorod.pk).update(status="suspended")
    forget_routes()
    assert "этого региона в списке нет" in text_of(owner_client.get(to))


# --- when it is not found -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"account_number": "111"}, "Единый лицевой счёт"),
        ({"initials": "АБВ"}, "на кого выписана квитанция"),
        ({"serial_number": "222"}, "не номер пломбы"),
    ],
)
def test_the_page_says_for_each_field_what_to_look_at(
    owner_client, owner, pskov, account, typed, said
):
    agree(owner, pskov)
    page = text_of(link_by_wizard(owner_client, typed))
    assert said in page and page.count("Изменить<") == 4
    (value,) = typed.values()
    assert value in page

    def plain(page: str) -> str:
        """The page without what was typed, and without keys."""
        found = re.search(r"<main.*</main>", page, re.DOTALL)[0]
        found = re.sub(r"[0-9a-f-]{32,36}", "", found)
        return re.sub(r'(<dd class="checks__value">)[^<]*', r"\1", found)

    other = make_subscriber("other@mail.ru")
    agree(other, pskov)
    unknown = {"account_number": "999", "initials": "ЯЯЯ", "serial_number": "1"}
    nowhere = text_of(link_by_wizard(logged_in(other, PSKOV_HOST), unknown))
    assert plain(nowhere) == plain(page), "nothing depends on which answer was wrong"


def test_who_has_none_of_it_is_led_to_the_operator(owner_client, owner, pskov, account):
    page = text_of(link_by_wizard(owner_client, {"proof": "nothing"}))
    assert "Привязать через оператора" in page


def test_a_former_delegate_is_led_there_too(owner_client, owner, stranger, pskov, account):
    agree(owner, pskov)
    make_delegate(make_link(stranger, pskov, account), owner)
    page = text_of(link_by_wizard(owner_client))
    assert "как доверенному лицу" in page and "/cabinet/accounts/apply/?draft=" in page
    assert not AccountLink.objects.filter(subscriber=owner, delegation=None).exists()


def test_so_is_one_whose_link_an_operator_has_ended(owner_client, owner, pskov, link):
    """What has proved it would prove it again at once; operators see it beside the application."""
    desk = make_operator()
    operator = StaffUser.objects.get(username="operator")
    assert link_end_by_operator(link=link, operator=operator, reason="Не ваш счёт.")
    agree(owner, pskov)
    page = text_of(link_by_wizard(owner_client))
    assert "отвязал от" in page and "/cabinet/accounts/apply/?draft=" in page
    assert not owner.account_links.exists()
    application = make_application(subscriber_id=owner.pk)
    shown = text_of(desk.get(f"/admin/accounts/applications/{application.pk}/"))
    assert "оператор отвязал этот счёт" in shown


def test_a_closed_account_is_said_to_its_holder(owner_client, owner, pskov, account):
    agree(owner, pskov)
    account.closed_on = datetime.date(2026, 1, 1)
    account.save()
    page = text_of(link_by_wizard(owner_client))
    assert "Этот лицевой счёт закрыт" in page and "07416852" in page
    assert "Не нашли" in text_of(link_by_wizard(owner_client, {"serial_number": "1"}))


def test_a_blocked_browser_sees_how_long(owner_client, owner, pskov, account):
    agree(owner, pskov)
    for _ in range(3):
        link_by_wizard(owner_client, {"serial_number": "1"})
    page = text_of(link_by_wizard(owner_client))
    assert "три раза подряд" in page and "минут" in page and "data-blocked-form disabled" in page
    assert not AccountLink.objects.exists()
