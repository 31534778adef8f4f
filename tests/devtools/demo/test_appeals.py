"""The demo's appeals: every state, made once, by the rows of the company alone."""

from cabinet.appeals.models import Appeal, AppealFile, AppealMessage, CannedAnswer
from cabinet.notifications.models import Notification
from devtools.demo.data import appeals
from devtools.demo.data.companies import COMPANIES
from devtools.demo.data.logins import SUBSCRIBER
from tests.support.factories import make_account, make_subscriber


def test_every_state_is_there_once(pskov, monkeypatch):
    monkeypatch.setattr(appeals, "COMPANIES", COMPANIES[:1])
    account, writer = make_account("805107"), make_subscriber(SUBSCRIBER)
    appeals.appeals_create()
    found = Appeal.objects.count(), AppealMessage.objects.count(), CannedAnswer.objects.count()
    appeals.appeals_create()
    assert found == (
        Appeal.objects.count(),
        AppealMessage.objects.count(),
        CannedAnswer.objects.count(),
    )
    assert {one.state for one in Appeal.objects.all()} == set(Appeal.State.values)
    mine = Appeal.objects.filter(account=account, subscriber_id=writer.pk)
    assert mine.filter(is_unread=True, state="answered").exists()
    assert Notification.objects.get(subscriber_id=writer.pk).kind == "appeal_answered"
    assert AppealFile.objects.exclude(appeal=None).exists()
