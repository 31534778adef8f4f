"""An applicant's data: in the copy for a person, and gone with the person or when time is over."""

import datetime
import json
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from cabinet.connection.counters import applications_open_said
from cabinet.connection.desk.services import note_add
from cabinet.connection.lifecycle.by_staff import AskedPaper, application_refuse, papers_ask
from cabinet.connection.lifecycle.forgetting import STORED_FOR
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from cabinet.connection.tasks import applications_forget
from cabinet.subscribers.consents.documents import Kind, document_of
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import Consent
from cabinet.subscribers.personal_data.parts import PARTS, parts
from portal.audit.models import AuditEntry
from portal.http.addresses import RequestOrigin
from portal.uploads.services import private_storage
from tests.support.connection import make_application, make_paper
from tests.support.factories import PSKOV_HOST, logged_in, text_of

A_DAY = datetime.timedelta(days=1)


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


def test_what_ended_three_years_ago_has_no_applicant(
    owner, link, pskov, anna, django_capture_on_commit_callbacks
):
    consent = document_of(Kind.CONSENT, pskov)
    guests, mine = make_application(), make_application(subscriber_id=owner.pk)
    signed, fresh = make_application("signed"), make_application("withdrawn")
    all_of_them = (guests, mine, signed, fresh)
    files = [make_paper(one, name="Паспорт Ёлкиной.pdf").file_name for one in all_of_them]
    for one in all_of_them:
        origin = RequestOrigin("", "")
        consents_give(documents=[consent], company=pskov, origin=origin, application_id=one.key)
    for one in (guests, mine):
        asked = [AskedPaper("Доверенность Ёлкиной", "Ёлкина прислала не то")]
        papers_ask(application_pk=one.pk, actor=anna, asked=asked)
        note_add(application_pk=one.pk, actor=anna, text="Звонила Ёлкина", form_key=uuid4())
        application_refuse(application_pk=one.pk, actor=anna, reason="Ёлкиной далеко")
    began = timezone.now() - STORED_FOR - A_DAY
    ConnectionApplication.objects.exclude(pk=fresh.pk).update(state_since=began)

    def night() -> list[bool]:
        with django_capture_on_commit_callbacks(execute=True):
            applications_forget()
        return [bool(ConnectionApplication.objects.get(pk=one.pk).phone) for one in all_of_them]

    assert night() == night() == [False, False, True, True]
    assert AuditEntry.objects.filter(action="connection.forget").count() == 2
    assert not AuditEntry.objects.filter(details__icontains="лкин").exists()
    for one in (guests, mine):
        left = ConnectionApplication.objects.values().get(pk=one.pk)
        written = [left, *one.events.values(), *one.notes.values(), *one.requests.values()]
        said = str(written)
        assert not any(word in said for word in ("лкин", "Тямша", "+7911", "60:18", str(owner.pk)))
        assert (left["number"], left["state"], left["answers"]) == (one.number, "refused", {})
        assert [event.state for event in one.events.all()] == ["incomplete", "refused"]
    kept = {signed.key, fresh.key}
    assert set(Consent.objects.values_list("application_id", flat=True)) == kept
    on_disk = [private_storage().exists(one) for one in files]
    assert on_disk == [False, False, True, True] and ConnectionPaper.objects.count() == 2
    person, mine_page = (
        logged_in(owner, PSKOV_HOST),
        reverse("connection:application", args=[mine.number]),
    )
    assert mine.number not in text_of(person.get("/connection/applications/"))
    assert person.get(mine_page).status_code == 404
    # What is written to it later goes too.
    note_add(application_pk=guests.pk, actor=anna, text="Ёлкина звонит опять", form_key=uuid4())
    night()
    assert not guests.notes.exists()
