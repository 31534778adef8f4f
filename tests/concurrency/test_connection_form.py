"""One draft, its steps and its papers from several requests at once, on real commits."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import schema_context

from cabinet.connection.form import papers
from cabinet.connection.form.drafts import DraftGone, draft_delete, draft_save, draft_start
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, PaperType
from portal.uploads.services import private_storage
from tests.support.files import PDF
from tests.support.threads import in_threads

AT_ONCE = 8
LIMIT = 3


def at_once(work: Callable[[int], None]) -> None:
    def run(number: int) -> None:
        with schema_context("pskov"):
            work(number)

    assert in_threads(*(partial(run, number) for number in range(AT_ONCE))) == []


def test_a_draft_from_eight_requests_at_once(own_db, settings, tmp_path, monkeypatch):
    settings.PRIVATE_ROOT = tmp_path
    monkeypatch.setattr(papers, "MOST_OF_LINE", LIMIT)
    key, begun, stored = uuid4(), [], []

    def begin(_: int) -> None:
        begun.append(draft_start(key=key, answers={}, subscriber_id=None, secret_hash="a").pk)

    # The same form eight times is one draft.
    at_once(begin)
    (pk,) = set(begun)

    # Steps that are saved together are all there.
    at_once(lambda n: draft_save(draft_pk=pk, step=f"step{n}", answers={"a": str(n)}))
    with schema_context("pskov"):
        answers = ConnectionApplication.objects.get(pk=pk).answers
        kind = PaperType.objects.first()
    assert {name for name in answers if name.startswith("step")} == {
        f"step{number}" for number in range(AT_ONCE)
    }

    def store(number: int) -> None:
        file = SimpleUploadedFile(f"{number}.pdf", PDF)
        try:
            stored.append(papers.paper_store(application_pk=pk, paper_type=kind, file=file))
        except (ValidationError, DraftGone):
            pass

    # Of eight papers as many stay as the line takes, and none when the draft is deleted.
    at_once(store)
    with schema_context("pskov"):
        assert len(stored) == LIMIT == ConnectionPaper.objects.count()
        assert all(private_storage().exists(one.file_name) for one in stored)
    at_once(lambda n: draft_delete(draft_pk=pk) if n % 2 else store(n))
    with schema_context("pskov"):
        assert not ConnectionPaper.objects.exists()
        assert not any(private_storage().exists(one.file_name) for one in stored)
