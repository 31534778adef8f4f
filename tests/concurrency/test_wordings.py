"""Two editors save a text of the same message at the same moment."""

from django_tenants.utils import schema_context

from cabinet.notifications.wordings.services import NewerVersion, wording_reset, wording_save
from portal.audit.models import AuditEntry
from portal.messaging.models import MessageTemplate
from portal.messaging.wording import WORDINGS
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD
from tests.support.threads import in_threads


def test_one_version_is_saved_and_every_other_editor_hears_of_it(own_db):
    wording = WORDINGS["readings_reminder"]
    with schema_context("pskov"):
        editor = staff_create(username="editor", password=PASSWORD, groups=["Editors"])

    def save() -> None:
        with schema_context("pskov"):
            wording_save(
                wording=wording, author=editor, since=0, subject="С", text="Т", short_text="К"
            )

    def reset() -> None:
        with schema_context("pskov"):
            wording_reset(wording=wording, author=editor, since=0)

    errors = in_threads(save, reset, save, reset)
    assert [type(one) for one in errors] == [NewerVersion] * 3
    with schema_context("pskov"):
        assert MessageTemplate.objects.get().version == 1
        assert AuditEntry.objects.filter(action="message.worded").count() == 1
