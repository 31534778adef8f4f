"""A company's editor sees what the office has sent, compares, accepts it or keeps their own."""

import re

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cms_pages.models import SharedCopy
from cms_pages.shared.copies import copy_report
from portal.audit.models import AuditEntry
from portal.staff.services import staff_create
from tests.cms_pages.shared.conftest import adapt, deliver, news, rewrite, send, state
from tests.support.factories import NOVGOROD_HOST, PASSWORD, staff_client, text_of


@pytest.fixture
def offered(sent) -> SharedCopy:
    """Pskov has adapted its copy; version 2 waits for its decision."""
    adapt()
    rewrite(sent, text="<p>Проверьте тягу и откройте окно.</p>")
    send(sent, "pskov")
    deliver()
    return SharedCopy.objects.get()


@pytest.fixture
def moderator(offered) -> Client:
    return staff_client(staff_create(username="mod", password=PASSWORD, groups=["Moderators"]))


def decide(client: Client, copy: SharedCopy, choice: str, **said: object) -> int:
    address = f"/admin/central-texts/{copy.pk}/"
    page = client.get(address).content.decode()
    shown = dict(re.findall(r'name="(offered|revision)"\s+value="(\d+)"', page))
    return client.post(f"{address}decide/", shown | {"choice": choice} | said).status_code


def test_the_editor_is_told(offered, moderator):
    front = text_of(moderator.get("/admin/"))
    assert "Центральный офис прислал" in front and f"/admin/central-texts/{offered.pk}/" in front
    form = text_of(moderator.get(f"/admin/pages/{offered.page_id}/edit/"))
    assert "Центральный офис прислал новую версию этой страницы." in form


def test_the_comparison_shows_both_sides(offered, moderator):
    page = text_of(moderator.get(f"/admin/central-texts/{offered.pk}/"))
    assert "откройте" in page and 'class="addition"' in page
    assert "В Пскове звоните 104." in page
    assert "Взять и опубликовать" in page and "Оставить наш текст" in page


def test_taking_it_live(offered, moderator, guest):
    assert decide(moderator, offered, "publish") == 302
    page = text_of(guest.get("/novosti/ostorozhno-gaz/"))
    assert "откройте окно" in page and "звоните 104." not in page.lower().split("footer")[0]
    assert (state("pskov").state, state("pskov").held) == ("done", 2)
    assert "Центральный офис прислал" not in text_of(moderator.get("/admin/"))
    old = news().revisions.order_by("pk")
    assert "В Пскове звоните 104." in [one.content["lead"] for one in old]


def test_taking_it_as_a_draft(offered, moderator, guest):
    assert decide(moderator, offered, "accept") == 302
    assert "В Пскове звоните 104." in text_of(guest.get("/novosti/ostorozhno-gaz/"))
    assert "откройте окно" in str(news().get_latest_revision_as_object().body)


def test_keeping_ones_own_until_the_next_version(sent, offered, moderator, guest):
    assert decide(moderator, offered, "decline") == 302
    assert "В Пскове звоните 104." in text_of(guest.get("/novosti/ostorozhno-gaz/"))
    assert state("pskov").state_in_words == "компания оставила своё"
    send(sent, "pskov")
    assert state("pskov").state == "declined"  # the same version is not offered twice
    rewrite(sent, text="<p>Третья версия.</p>")
    send(sent, "pskov")
    deliver()
    assert state("pskov").state == "offered"
    page = text_of(moderator.get(f"/admin/central-texts/{offered.pk}/"))
    assert "Версия 3" in page and "из версии 1" in page


def test_a_decision_is_in_the_logs_of_company_and_office(offered, moderator):
    decide(moderator, offered, "decline")
    for schema in ("pskov", "public"):
        with schema_context(schema):
            entry = AuditEntry.objects.get(action="shared.declined")
            assert (entry.actor_name, entry.level) == ("mod", "company")
    assert entry.details["company"] == "pskov"


def test_an_editor_may_take_it_but_not_publish(offered, guest):
    editor = staff_client(staff_create(username="ed", password=PASSWORD, groups=["Editors"]))
    assert "Взять и опубликовать" not in text_of(editor.get(f"/admin/central-texts/{offered.pk}/"))
    decide(editor, offered, "publish")
    assert state("pskov").state == "offered"
    assert decide(editor, offered, "accept") == 302
    assert "В Пскове звоните 104." in text_of(guest.get("/novosti/ostorozhno-gaz/"))


def test_operators_and_strangers_decide_nothing(offered, guest):
    operator = staff_client(staff_create(username="op", password=PASSWORD, groups=["Operators"]))
    for client in (operator, guest):
        address = f"/admin/central-texts/{offered.pk}/"
        assert "Взять" not in text_of(client.get(address, follow=True))
        client.post(f"{address}decide/", {"offered": 2, "choice": "decline"})
    assert state("pskov").state == "offered"
    assert "Центральный офис прислал" not in text_of(operator.get("/admin/"))


def test_a_get_decides_nothing(offered, moderator):
    address = f"/admin/central-texts/{offered.pk}/decide/"
    assert moderator.get(address, {"choice": "decline", "offered": 2}).status_code == 405


def test_the_other_companys_copy_is_another(offered, novgorod):
    """The number in the address is of the company's own table."""
    with schema_context("novgorod"):
        staff_create(username="nov", password=PASSWORD, groups=["Moderators"])
        from portal.staff.models import StaffUser

        client = staff_client(StaffUser.objects.get(username="nov"), NOVGOROD_HOST)
    client.post(f"/admin/central-texts/{offered.pk}/decide/", {"offered": 2, "choice": "decline"})
    assert client.get(f"/admin/central-texts/{offered.pk + 1000}/").status_code == 404
    assert state("pskov").state == "offered"


def test_on_the_base_host_these_pages_are_not(offered, office):
    assert office.get(f"/admin/central-texts/{offered.pk}/").status_code == 404


def test_what_was_saved_meanwhile_is_not_overwritten(offered, moderator):
    seen = str(news().latest_revision_id)
    adapt(lead="Ещё одна правка.")
    assert decide(moderator, offered, "publish", revision=seen) == 302
    assert news().lead == "Ещё одна правка."
    assert state("pskov").state == "offered"


def test_a_newer_offer_meanwhile_is_shown_first(sent, offered, moderator):
    rewrite(sent, text="<p>Третья версия.</p>")
    send(sent, "pskov")
    deliver()
    decide(moderator, offered, "publish", offered="2")
    assert news().lead == "В Пскове звоните 104."
    assert SharedCopy.objects.get().offered == 3


def test_a_withdrawal_is_offered_too(sent, moderator, offered, central_admin, guest):
    from cms_pages.shared.sending import shared_withdraw
    from tenants.models import GasCompany

    with schema_context("public"):
        ids = list(GasCompany.objects.values_list("pk", flat=True))
        shared_withdraw(item_id=sent.pk, company_ids=ids, actor=central_admin)
    deliver()
    form = text_of(moderator.get(f"/admin/pages/{offered.page_id}/edit/"))
    assert "просит снять эту страницу с публикации" in form
    assert "Снять с публикации" in text_of(moderator.get(f"/admin/central-texts/{offered.pk}/"))
    assert decide(moderator, offered, "accept") == 302
    assert guest.get("/novosti/ostorozhno-gaz/").status_code == 404
    assert state("pskov").state_in_words.startswith("снято с публикации")


def test_the_office_sees_what_editors_do(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        adapt()
    assert state("pskov").state_in_words == "опубликовано с изменениями компании"
    with django_capture_on_commit_callbacks(execute=True):
        news().unpublish()
    assert state("pskov").state_in_words == "черновик с изменениями компании"
    with django_capture_on_commit_callbacks(execute=True):
        news().delete()
    assert state("pskov").state == "removed"
    copy_report(0)


def test_a_form_opened_before_the_delivery_is_saved_over_it(sent, editor_client):
    """What the editor wrote stays; the version that came meanwhile is offered."""
    page = news()
    form = editor_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    fields = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form))
    rewrite(sent, text="<p>Откройте окно.</p>")
    send(sent, "pskov")
    deliver()
    assert state("pskov").state == "done"
    block = str(page.body.raw_data[0]["id"])
    answer = editor_client.post(
        f"/admin/pages/{page.pk}/edit/",
        {
            "title": "Своими словами",
            "slug": page.slug,
            "date": "2026-11-22",
            "loaded_revision_id": fields["loaded_revision_id"],
            "loaded_revision_created_at": fields["loaded_revision_created_at"],
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "body-count": 1,
            "body-0-deleted": "",
            "body-0-order": 0,
            "body-0-type": "text",
            "body-0-id": block,
            "body-0-value": '{"blocks": [], "entityMap": {}}',
        },
    )
    assert answer.status_code == 302
    assert news().get_latest_revision_as_object().title == "Своими словами"
    copy = SharedCopy.objects.get()
    assert (copy.version, copy.offered) == (1, 2)
    assert state("pskov").state == "offered"
