"""Shared content on real commits: a worker that dies at any statement, two workers, an editor meanwhile."""

import os
import signal
import threading

import pytest
from django.db import connections
from django.utils import timezone
from django_tenants.utils import schema_context
from wagtail.images.models import Image

from cms_pages.models import NewsIndexPage, NewsPage, SharedItem
from cms_pages.shared import delivering
from cms_pages.shared.delivering import shared_deliver
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.staff.services import staff_create
from tenants.models import GasCompany, SharedDelivery
from tenants.schemas import in_company
from tests.cms_pages.shared.conftest import picture, rewrite, send, write
from tests.support.factories import PASSWORD
from tests.support.processes import die_before, forked
from tests.support.threads import in_threads


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def item(own_db) -> SharedItem:
    staff_create(username="central", password=PASSWORD, superuser=True)
    return write(picture=picture())


def deliver_to_pskov() -> None:
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        for delivery in SharedDelivery.objects.filter(company__schema_name="pskov"):
            shared_deliver(delivery_id=delivery.pk)


def state() -> dict[str, object]:
    with schema_context("pskov"):
        return {
            "indexes": NewsIndexPage.objects.count(),
            "news": list(NewsPage.objects.values_list("title", "live")),
            "revisions": sum(page.revisions.count() for page in NewsPage.objects.all()),
            "copies": list(SharedDelivery.objects.values_list("top_version", flat=True)),
            "images": Image.objects.count(),
            "log": AuditEntry.objects.filter(action__startswith="shared.").count(),
            "row": list(SharedDelivery.objects.values_list("state", "live_version")),
        }


def killed_at_each_statement() -> dict[str, object]:
    """What is there in the end; at each kill all was as before, or all was done."""
    before = state()
    waiting = SharedDelivery.objects.filter(state="waiting")
    for number in range(1, 2000, 6):

        def work(number: int = number) -> None:
            with connection.execute_wrapper(die_before(number)):
                deliver_to_pskov()

        ended = os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1])
        if ended == 0:
            assert number > 30
            break
        assert ended == -signal.SIGKILL
        now = state()
        if now["row"] != before["row"]:  # it died after the commit
            break
        assert now == before, f"statement {number}"
        waiting.update(due_at=timezone.now(), attempts=0)  # the killed worker's lease is over
    waiting.update(due_at=timezone.now())
    deliver_to_pskov()
    return state()


def test_a_kill_before_any_statement_doubles_nothing(item, settings):
    send(item, "pskov")
    first = killed_at_each_statement()
    assert first == {
        "indexes": 1,
        "news": [("Осторожно, газ", True)],
        "revisions": 1,
        "copies": [1],
        "images": 1,
        "log": 1,
        "row": [("done", 1)],
    }
    originals = settings.MEDIA_ROOT / "pskov" / "original_images"
    assert len(list(originals.iterdir())) == 1
    rewrite(item, title="Версия два")
    send(item, "pskov")
    second = killed_at_each_statement()
    assert second["news"] == [("Версия два", True)]
    assert (second["revisions"], second["copies"], second["images"]) == (2, [2], 1)


def test_several_workers_at_once_deliver_once(item):
    send(item, "pskov")
    assert in_threads(*[deliver_to_pskov] * 6) == []
    assert state()["news"] == [("Осторожно, газ", True)]
    assert state()["revisions"] == 1 and state()["log"] == 1


def test_two_texts_with_one_picture_at_once_carry_it_once(item):
    other = write("Другая", picture_id=item.picture_id)
    send(item, "pskov")
    send(other, "pskov")
    numbers = list(SharedDelivery.objects.values_list("pk", flat=True))

    def work(number: int) -> None:
        with in_company(GasCompany.objects.get(schema_name="pskov")):
            shared_deliver(delivery_id=number)

    assert in_threads(*[lambda number=number: work(number) for number in numbers]) == []
    assert state()["images"] == 1 and len(state()["news"]) == 2 and state()["indexes"] == 1


def save_as_editor(words: str) -> None:
    """What Wagtail's editor does: the page as it was opened, changed, a revision, published."""
    page = NewsPage.objects.get()
    page.title = words
    page.save_revision().publish()


@pytest.mark.parametrize("who_first", ["editor", "delivery"])
def test_an_editor_saves_while_it_is_delivered(item, monkeypatch, who_first):
    """Whoever is first: what the editor wrote is the page's text, and nothing stands still."""
    send(item, "pskov")
    deliver_to_pskov()
    rewrite(item, title="Версия два")
    send(item, "pskov")
    inside, saved = threading.Event(), threading.Event()
    original = delivering.copy_is_free

    def looked(*args):
        free = original(*args)
        inside.set()
        saved.wait(
            timeout=1
        )  # the editor's save waits for the row that is held here, and comes after
        return free

    monkeypatch.setattr(delivering, "copy_is_free", looked)

    def editing() -> None:
        if who_first == "delivery":
            assert inside.wait(timeout=60)
        with schema_context("pskov"):
            save_as_editor("Наш заголовок")
        saved.set()

    def delivered() -> None:
        if who_first == "editor":
            assert saved.wait(timeout=60)
        deliver_to_pskov()

    assert in_threads(editing, delivered) == []
    with schema_context("pskov"):
        page = NewsPage.objects.get()
        assert page.title == "Наш заголовок"
        assert page.get_latest_revision_as_object().title == "Наш заголовок"
    row = SharedDelivery.objects.get()
    assert row.live_version == SharedDelivery.ADAPTED
    assert row.state == ("offered" if who_first == "editor" else "done")


def test_many_saves_and_many_deliveries_do_not_wait_for_each_other(item):
    send(item, "pskov")
    deliver_to_pskov()

    def editing() -> None:
        with schema_context("pskov"):
            for number in range(6):
                save_as_editor(f"Правка {number}")

    def sending() -> None:
        for number in range(6):
            rewrite(item, lead=f"Версия {number}")
            send(item, "pskov")
            deliver_to_pskov()

    assert in_threads(editing, sending) == []
    with schema_context("pskov"):
        assert NewsPage.objects.get().title == "Правка 5"
    connections.close_all()
