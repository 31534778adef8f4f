"""A company's editor sees what waits, compares by Wagtail's own page, takes it or keeps their own."""

import re

import pytest
from django.test import Client
from django_tenants.utils import schema_context
from wagtail.models import Revision
from wagtail.test.utils.form_data import rich_text

from cms_pages.models import NewsPage
from portal.audit.models import AuditEntry
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.models import SharedDelivery
from tests.cms_pages.shared.conftest import adapt, deliver, news, renew, send, state, withdraw
from tests.support.factories import NOVGOROD_HOST, PASSWORD, staff_client, text_of

ADDRESS = "/novosti/ostorozhno-gaz/"
OURS = "В Пскове звоните 104."
RENEWED = "<p>Проверьте тягу и откройте окно.</p>"


@pytest.fixture
def waiting(sent) -> SharedDelivery:
    """Pskov has adapted its copy; version 2 waits for its decision."""
    adapt()
    renew(sent, RENEWED)
    return state("pskov")


@pytest.fixture
def moderator(sent) -> Client:
    return staff_client(staff_create(username="mod", password=PASSWORD, groups=["Moderators"]))


def save(
    client: Client, opened: Revision, text: str, *, revert: bool = False, **said: object
) -> int:
    """Post Wagtail's form that was made of this revision."""
    page = NewsPage.objects.get(pk=opened.object_id)
    body = {"body-count": 1, "body-0-deleted": "", "body-0-order": 0, "body-0-type": "text"}
    form = {
        **body,
        "title": page.title,
        "slug": page.slug,
        "date": page.date.isoformat(),
        "loaded_revision_id": page.latest_revision_id if revert else opened.pk,
        "loaded_revision_created_at": opened.created_at.isoformat(),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "body-0-id": str(page.body.raw_data[0]["id"]),
        "body-0-value": rich_text(text),
    }
    where = f"revisions/{opened.pk}/revert" if revert else "edit"
    answer = client.post(f"/admin/pages/{page.pk}/{where}/", form | said)
    return answer.status_code


def take(client: Client, copy: SharedDelivery, text: str = RENEWED, **said: object) -> int:
    return save(client, Revision.objects.get(pk=copy.waiting_revision), text, revert=True, **said)


def discard(client: Client, copy: SharedDelivery, waiting: int = 2) -> int:
    address = f"/admin/central-texts/{copy.pk}/{waiting}/discard/"
    return client.post(address, {"answer": "yes"}).status_code


def test_the_editor_is_told_and_compares(waiting, moderator):
    edit = f"/admin/pages/{waiting.page}/edit/"
    assert f'{edit}">Осторожно, газ' in moderator.get("/admin/").content.decode()
    form = moderator.get(edit).content.decode()
    assert "Центральный офис прислал версию 2 этой страницы. Ваш текст она не заменила." in form
    assert OURS in form and "Оставить наш текст" in form
    compare = re.search(r'href="(/admin/pages/\d+/revisions/compare/live\.\.\.\d+/)"', form)[1]
    differences = text_of(moderator.get(compare))
    assert OURS in differences and "откройте" in differences
    revert = re.search(r'href="(/admin/pages/\d+/revisions/\d+/revert/)"', form)[1]
    assert moderator.get(revert).status_code == 200


def test_publishing_it(waiting, moderator, guest, django_capture_on_commit_callbacks):
    assert state("pskov").state_in_words == "версия 2 ждёт решения компании"
    assert state("pskov").site_in_words == "опубликовано с изменениями компании"
    with django_capture_on_commit_callbacks(execute=True):
        assert take(moderator, waiting, **{"action-publish": "1"}) == 302
    page = text_of(guest.get(ADDRESS))
    assert "откройте окно" in page and OURS not in page
    assert state("pskov").state_in_words == "опубликована версия 2"
    assert "Центральный офис прислал" not in text_of(moderator.get("/admin/"))
    assert OURS in [one.content["lead"] for one in news().revisions.all()]
    with schema_context("public"):
        logged = AuditEntry.objects.get(action="shared.accepted")
    assert (logged.details["company"], logged.actor_name) == ("pskov", "mod")


@pytest.mark.parametrize("text", [RENEWED, "<p>Почти то же.</p>"])
def test_taking_it_as_a_draft_does_not_let_the_next_one_over_the_site(
    sent, waiting, moderator, guest, text, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert take(moderator, waiting, text) == 302
    assert OURS in text_of(guest.get(ADDRESS))
    draft = "версия 2 — черновик" if text == RENEWED else "черновик с изменениями компании"
    said = f"опубликовано с изменениями компании, {draft}"
    assert (state("pskov").state, state("pskov").site_in_words) == ("done", said)
    renew(sent, "<p>Третья.</p>")
    assert news().lead == OURS and state("pskov").state == "offered"


def test_keeping_ones_own_until_the_next_version(sent, waiting, moderator, guest):
    assert discard(moderator, waiting) == 302
    assert OURS in text_of(guest.get(ADDRESS))
    assert state("pskov").state_in_words == "компания оставила своё"
    for schema in ("pskov", "public"):
        with schema_context(schema):
            entry = AuditEntry.objects.get(action="shared.declined")
            assert (entry.actor_name, entry.level) == ("mod", "company")
    assert entry.details["company"] == "pskov"
    send(sent, "pskov")
    assert state("pskov").state == "declined"  # the same version does not wait twice
    renew(sent, "<p>Третья версия.</p>")
    discard(moderator, waiting)  # of a page that was made for version 2
    assert state("pskov").state_in_words == "версия 3 ждёт решения компании"
    assert "версию 3" in text_of(moderator.get(f"/admin/pages/{waiting.page}/edit/"))


def test_a_draft_on_top_of_the_live_page(
    sent, moderator, guest, django_capture_on_commit_callbacks
):
    """The office is not misled: version 2 is a draft until an editor publishes it, or discards it."""
    renew(sent, publish=False)
    both = "опубликована версия 1, версия 2 — черновик"
    assert (state("pskov").state, state("pskov").state_in_words) == ("done", both)
    form = moderator.get(f"/admin/pages/{news().pk}/edit/").content.decode()
    assert "Она стоит черновиком" in form and "Взять эту версию" not in form
    with django_capture_on_commit_callbacks(execute=True):
        news().get_latest_revision().publish()
    assert state("pskov").state_in_words == "опубликована версия 2"
    assert state("pskov").waiting is None
    with django_capture_on_commit_callbacks(execute=True):
        news().revisions.order_by("pk").first().publish()  # back to the first
    assert state("pskov").site_in_words == both
    with django_capture_on_commit_callbacks(execute=True):
        news().unpublish()
    assert state("pskov").site_in_words == "версия 2 — черновик"


def test_a_draft_on_top_is_discarded(sent, moderator, guest):
    renew(sent, publish=False)
    assert discard(moderator, state("pskov")) == 302
    page = news()
    assert "Проверьте тягу" in str(page.get_latest_revision_as_object().body)
    assert not page.has_unpublished_changes
    assert state("pskov").site_in_words == "опубликована версия 1"
    send(sent, "pskov")  # now with publication: the company has said no, so it waits
    deliver()
    assert "Проверьте тягу" in text_of(guest.get(ADDRESS)) and state("pskov").state == "offered"


def test_who_may_decide_what(waiting, novgorod, guest, office, django_capture_on_commit_callbacks):
    editor = staff_client(staff_create(username="ed", password=PASSWORD, groups=["Editors"]))
    operator = staff_client(staff_create(username="op", password=PASSWORD, groups=["Operators"]))
    with schema_context("novgorod"):
        staff_create(username="nov", password=PASSWORD, groups=["Moderators"])
        stranger = staff_client(StaffUser.objects.get(username="nov"), NOVGOROD_HOST)
    address = f"/admin/central-texts/{waiting.pk}/2/discard/"
    for client in (operator, guest):
        assert "Оставить" not in text_of(client.get(address, follow=True))
        discard(client, waiting)
    assert discard(stranger, waiting) == 404
    assert state("pskov").state == "offered"
    assert office.get(address).status_code == 404
    assert "Версия 2 центрального офиса останется" in text_of(editor.get(address))
    with django_capture_on_commit_callbacks(execute=True):
        take(editor, waiting, **{"action-publish": "1"})
    assert OURS in text_of(guest.get(ADDRESS)) and news().lead == OURS


def test_a_withdrawal_waits_too(
    sent, moderator, waiting, guest, django_capture_on_commit_callbacks
):
    withdraw(sent)
    deliver()
    form = text_of(moderator.get(f"/admin/pages/{waiting.page}/edit/"))
    assert "просит снять эту страницу с публикации" in form
    assert f"/admin/pages/{waiting.page}/unpublish/" in form
    assert state("pskov").state == "offered"
    with django_capture_on_commit_callbacks(execute=True):
        moderator.post(f"/admin/pages/{waiting.page}/unpublish/")
    assert guest.get(ADDRESS).status_code == 404
    assert state("pskov").state_in_words == "снято с публикации"
    assert state("pskov").waiting is None


def test_the_office_sees_what_editors_do(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        adapt()
    assert state("pskov").state_in_words == "опубликовано с изменениями компании"
    with django_capture_on_commit_callbacks(execute=True):
        news().unpublish()
    assert state("pskov").state_in_words == "черновик с изменениями компании"
    with django_capture_on_commit_callbacks(execute=True):
        news().delete()
    assert (state("pskov").state, state("pskov").site_in_words) == ("removed", "не опубликовано")


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_form_of_wagtails_editor(
    sent, editor_client, is_taken, django_capture_on_commit_callbacks
):
    """Opened before a delivery, it is saved over a version that waits now; opened after, it took it."""
    page = news()
    opened = page.latest_revision
    renew(sent, publish=not is_taken)
    assert state("pskov").state == "done"
    if is_taken:
        opened = news().latest_revision
    with django_capture_on_commit_callbacks(execute=True):
        assert save(editor_client, opened, "<p>Окно.</p>", title="Своими словами") == 302
    assert news().get_latest_revision_as_object().title == "Своими словами"
    assert state("pskov").waiting == (None if is_taken else 2)
    assert state("pskov").state == ("done" if is_taken else "offered")
    assert "черновик с изменениями компании" in state("pskov").site_in_words
