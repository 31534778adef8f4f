"""Sent once, in each company once; drafts, new versions, adapted copies, new and suspended companies."""

import datetime

import pytest
from django_tenants.utils import schema_context
from wagtail.models import Page

from cms_pages.models import NewsPage
from cms_pages.shared.delivering import shared_deliver, shared_sweep
from cms_pages.tasks import shared_copies_report
from portal import jobs
from portal.audit.models import AuditEntry
from tenants.models import GasCompany, SharedDelivery, SharedVersion
from tenants.schemas import in_company
from tenants.services import company_provision
from tests.cms_pages.shared.conftest import (
    adapt,
    deliver,
    news,
    renew,
    rewrite,
    send,
    state,
    withdraw,
    write,
)
from tests.support.factories import NOVGOROD_HOST, text_of

ADDRESS = "/novosti/ostorozhno-gaz/"


def test_published_on_the_right_host_only(
    pskov, novgorod, central_admin, guest, django_capture_on_commit_callbacks
):
    guest.get("/")
    assert "Осторожно" not in text_of(guest.get("/"))  # the page that is kept for strangers
    send(write(), "pskov")
    with django_capture_on_commit_callbacks(execute=True):
        deliver()
    page = text_of(guest.get(ADDRESS))
    assert "Осторожно, газ" in page and "Проверьте тягу" in page
    assert "Осторожно, газ" in text_of(guest.get("/"))
    assert guest.get(ADDRESS, headers={"host": NOVGOROD_HOST}).status_code == 404
    with schema_context("novgorod"):
        assert not NewsPage.objects.exists()
    assert state("pskov").state_in_words == "опубликована версия 1"
    assert AuditEntry.objects.get(action="shared.publish.done").subject == "Осторожно, газ"
    with schema_context("public"):
        entry = AuditEntry.objects.get(action="shared.sent")
        assert (entry.actor_name, entry.details["companies"]) == ("central", [pskov.name])


def test_a_draft_is_not_seen(pskov, central_admin, guest, django_capture_on_commit_callbacks):
    item = write()
    send(item, "pskov", publish=False)
    deliver()
    assert guest.get(ADDRESS).status_code == 404
    assert news().has_unpublished_changes and not news().live
    assert state("pskov").state_in_words == "версия 1 — черновик"
    rewrite(item, title="Осторожно: газ")
    send(item, "pskov")
    deliver()
    assert state("pskov").state_in_words == "опубликована версия 2"


def test_the_same_again_changes_nothing(sent):
    before = news().latest_revision_id
    assert send(sent, "pskov").number == 1
    assert state("pskov").state == "done"
    assert shared_deliver(delivery_id=state("pskov").pk) is False
    assert news().latest_revision_id == before
    assert SharedVersion.objects.count() == 1


def test_a_new_version_replaces_what_nobody_touched(sent, guest):
    adapt(lead="")  # saved by an editor, word for word
    rewrite(sent, text="<p>Откройте окно.</p>", title="Осторожно: газ")
    assert send(sent, "pskov").number == 2
    deliver()
    page = text_of(guest.get(ADDRESS))
    assert "Откройте окно" in page and "Проверьте тягу" not in page
    assert news().title == "Осторожно: газ"
    assert news("novgorod").title == "Осторожно, газ"
    assert (state("pskov").live_version, state("novgorod").live_version) == (2, 1)


def test_a_new_version_as_a_draft_leaves_the_site_alone(sent, guest):
    renew(sent, publish=False)
    assert "Проверьте тягу" in text_of(guest.get(ADDRESS))
    assert "Откройте окно" in str(news().get_latest_revision_as_object().body)
    send(sent, "pskov")  # the same version, now to be published
    deliver()
    assert "Откройте окно" in text_of(guest.get(ADDRESS))
    assert state("pskov").waiting is None


def test_an_adapted_copy_is_never_replaced(sent, guest):
    adapt()
    adapt("novgorod")
    before = [news(schema).latest_revision_id for schema in ("pskov", "novgorod")]
    renew(sent)
    page = text_of(guest.get(ADDRESS))
    assert "В Пскове звоните 104." in page and "Откройте окно" not in page
    assert state("pskov").state_in_words == "версия 2 ждёт решения компании"
    page = news()
    waits = page.revisions.get(pk=state("pskov").waiting_revision)
    assert "Откройте окно" in str(waits.as_object().body) and not waits.is_latest_revision()
    assert not page.has_unpublished_changes
    withdraw(sent)
    deliver()
    assert state("novgorod").state == "offered"
    assert guest.get(ADDRESS, headers={"host": NOVGOROD_HOST}).status_code == 200
    assert before == [news(schema).latest_revision_id for schema in ("pskov", "novgorod")]


@pytest.mark.parametrize("how", ["draft", "locked", "scheduled", "in moderation"])
def test_neither_is_one_that_somebody_works_on(sent, how, central_admin):
    page = news()
    if how == "draft":
        adapt(publish=False)
    if how == "locked":
        Page.objects.filter(pk=page.pk).update(locked=True)
    if how == "scheduled":
        page.go_live_at = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
        page.save_revision(approved_go_live_at=page.go_live_at)
    if how == "in moderation":
        page.get_workflow().start(page, None)
    latest = news().latest_revision_id
    renew(sent)
    assert "Проверьте тягу" in str(news().body) and news().latest_revision_id == latest
    assert state("pskov").state == "offered"


def test_what_a_killed_worker_did_not_tell_is_told_later(sent):
    NewsPage.objects.filter(pk=news().pk).update(live=False)
    assert state("pskov").live_version == 1
    shared_copies_report()
    assert state("pskov").live_version is None


def test_a_suspended_company_gets_it_when_it_works_again(pskov, novgorod, central_admin):
    GasCompany.objects.filter(pk=pskov.pk).update(status="suspended")
    send(write(), "pskov")
    deliver()
    assert state("pskov").state_in_words == "ждёт: компания не работает"
    GasCompany.objects.filter(pk=pskov.pk).update(status="active")
    deliver()
    assert state("pskov").state == "done"


def test_the_sweep_enqueues_what_was_forgotten_in_its_company(
    pskov, novgorod, central_admin, monkeypatch, django_capture_on_commit_callbacks
):
    tasks = []
    send(write(), "pskov")
    send(write("Другая"), "novgorod")
    GasCompany.objects.filter(pk=novgorod.pk).update(status="suspended")
    monkeypatch.setattr(
        "celery.current_app.send_task",
        lambda name, args, headers, queue: tasks.append((name, args[0], headers["_schema_name"])),
    )
    with schema_context("public"), django_capture_on_commit_callbacks(execute=True):
        shared_sweep()
    assert tasks == [("cms_pages.tasks.shared_deliver", state("pskov").pk, "pskov")]
    with in_company(novgorod):  # a task in another company does nothing
        assert shared_deliver(delivery_id=state("pskov").pk) is False
        assert not NewsPage.objects.exists()
    assert state("pskov").state == "waiting"


def test_a_version_that_is_sent_meanwhile_is_delivered_next(pskov, central_admin, monkeypatch):
    """The office sends again between a worker's claim and its work: the work is left to the next."""
    item = write()
    send(item, "pskov")
    claim = jobs.job_claim

    def claimed(*args):
        delivery = claim(*args)
        rewrite(item, title="Версия два")
        send(item, "pskov")
        return delivery

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "job_claim", claimed)
        deliver()
    assert state("pskov").state == "waiting"
    deliver()
    assert (state("pskov").state, news().title) == ("done", "Версия два")


def test_trouble_is_told_and_tried_again(pskov, central_admin, monkeypatch):
    send(write(), "pskov")

    def broken(*_, **__):
        raise OSError("disk")

    with monkeypatch.context() as patched:
        patched.setattr("cms_pages.shared.delivering.page_added", broken)
        deliver()
    waiting = state("pskov")
    assert (waiting.state, waiting.attempts) == ("waiting", 1) and "сбоя" in waiting.error
    deliver()
    assert state("pskov").state == "waiting"  # not before its time
    SharedDelivery.objects.update(due_at=waiting.requested_at)
    deliver()
    assert (state("pskov").state, state("pskov").error) == ("done", "")


def test_a_page_that_the_company_deleted_stays_deleted(sent):
    news().delete()
    renew(sent)
    assert not NewsPage.objects.exists()
    assert state("pskov").state_in_words == "компания удалила страницу"


def test_new_companies_get_what_is_meant_for_them(pskov, central_admin):
    send(write("Всем"), "pskov", new="all")
    send(write("Фондам"), "pskov", new="capital_repair")
    send(write("Никому"), "pskov")
    with schema_context("public"):
        company_provision(
            schema_name="tver",
            name="Тверь",
            regions=["Тверская область"],
            domain="tver.gas.localhost",
        )
        GasCompany.objects.filter(schema_name="tver").update(status="preparing")
    deliver()
    with schema_context("tver"):
        assert [page.title for page in NewsPage.objects.live()] == ["Всем"]
