"""A person's applications: in the copy of their data, and without answers and papers after they are gone."""

import json

from cabinet.connection.counters import applications_open_said
from cabinet.connection.models import ConnectionApplication
from cabinet.subscribers.personal_data.parts import PARTS, parts
from portal.uploads.services import private_storage
from tests.support.connection import make_application, make_paper


def test_the_copy_and_the_deletion(owner, stranger, pskov, django_capture_on_commit_callbacks):
    mine = {"subscriber_id": owner.pk}
    sent = make_application(**mine)
    signed = make_application("signed", **mine)
    draft = make_application("draft", **mine)
    others = make_application(subscriber_id=stranger.pk)
    papers = [make_paper(one) for one in (sent, signed, draft)]
    kept = make_paper(others)
    assert "ещё не переданы получателю: 2." in applications_open_said(pskov)
    rows = PARTS["connection_applications"].export(owner.pk)
    assert {one["state"] for one in rows} == {"Отправлена", "Договор заключён", "Черновик"}
    assert "60:18:0060201:145" in json.dumps(rows, ensure_ascii=False)
    assert len(PARTS["connection_papers"].export(owner.pk)) == 3
    ((name, content), *_) = PARTS["connection_papers"].export_files(owner.pk)
    assert name.startswith("connection/") and content == b"%PDF-1.4 plan"
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            for part in parts(in_public=False):
                part.delete(owner.pk)
    assert not ConnectionApplication.objects.filter(pk=draft.pk).exists()
    for one, state in ((sent, "withdrawn"), (signed, "signed")):
        one.refresh_from_db()
        assert (one.state, one.answers, one.subscriber_id) == (state, {}, None)
        assert [one.applicant_name, one.phone, one.email, one.address] == [""] * 4
    assert not any(private_storage().exists(one.file_name) for one in papers)
    others.refresh_from_db()
    ConnectionApplication.objects.filter(state="submitted").update(state="forwarded")
    assert applications_open_said(pskov) == ""
    assert others.answers and private_storage().exists(kept.file_name)
