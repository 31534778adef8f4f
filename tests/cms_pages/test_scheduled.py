"""Pages go live and off at their editors' hour, in their own company, and the kept page with them."""

import datetime

from django.utils import timezone

from cms_pages.tasks import publish_scheduled
from tests.cms_pages.conftest import make_page
from tests.support.factories import text_of

HOUR = datetime.timedelta(hours=1)


def test_a_page_goes_live_and_off(guest, home, clock):
    page = make_page(home, "Ремонт на Советской", live=False, slug="remont")
    page.go_live_at = timezone.now() + HOUR
    page.expire_at = timezone.now() + 3 * HOUR
    page.save_revision().publish()
    publish_scheduled.apply(headers={"_schema_name": "pskov"}).get()
    assert guest.get("/remont/").status_code == 404
    clock.forward(2 * HOUR)
    publish_scheduled.apply(headers={"_schema_name": "novgorod"}).get()
    assert guest.get("/remont/").status_code == 404
    publish_scheduled.apply(headers={"_schema_name": "pskov"}).get()
    assert "Ремонт на Советской" in text_of(guest.get("/remont/"))
    clock.forward(2 * HOUR)
    publish_scheduled.apply(headers={"_schema_name": "pskov"}).get()
    assert guest.get("/remont/").status_code == 404


def test_a_moment_that_nobody_could_read_again_is_refused(editor_client, guest, home):
    """The first night of year 1 in Moscow is BC in the database."""
    page = make_page(home, "Тарифы", slug="tarify")
    form = {"body-count": "0", "title": "Тарифы", "slug": "tarify", "lead": ""}
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    form |= {"go_live_at": "01.01.0001 00:00", "action-publish": "1"}
    answer = editor_client.post(f"/admin/pages/{page.pk}/edit/", form)
    assert "Проверьте год" in text_of(answer)
    assert guest.get("/tarify/").status_code == 200
