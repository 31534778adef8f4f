"""Letters that Wagtail itself writes to staff lead to the admin of their own host."""

import re

import pytest
from django_tenants.utils import schema_context

from cms_pages.models import HomePage, StandardPage
from portal.staff import roles
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, PASSWORD, PSKOV_HOST

NEW_PASSWORD = "газ-голубой-цветок-9"


def letter_links(letter, path: str) -> list[str]:
    return [link for link in re.findall(r"https?://\S+", letter.body) if path in link]


def test_a_forgotten_password_is_replaced_by_the_letters_link(guest, pskov, mailoutbox):
    person = staff_create(username="nina", password=PASSWORD, email="nina@gas.ru")
    guest.post("/admin/password_reset/", {"email": "nina@gas.ru"})
    (letter,) = mailoutbox
    (link,) = letter_links(letter, "/password_reset/confirm/")
    assert link.startswith(f"{pskov.url}/admin/")
    form = guest.get(link.removeprefix(pskov.url), follow=True)
    typed = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert guest.post(form.redirect_chain[-1][0], typed).status_code == 302
    assert StaffUser.objects.get(pk=person.pk).check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("host", "schema"), [(BASE_HOST, "public"), (NOVGOROD_HOST, "novgorod"), (PSKOV_HOST, "pskov")]
)
def test_the_link_is_of_the_host_that_was_asked(client, db, mailoutbox, host, schema):
    with schema_context(schema):
        staff_create(
            username="nina", password=PASSWORD, email="n@gas.ru", superuser=schema == "public"
        )
    client.post("/admin/password_reset/", {"email": "n@gas.ru"}, headers={"host": host})
    (link,) = letter_links(mailoutbox[0], "/password_reset/confirm/")
    assert re.match(rf"https?://{host}(:\d+)?/admin/", link)


def test_a_moderator_is_led_to_the_page_that_awaits_him(pskov, mailoutbox):
    editor = staff_create(username="e", password=PASSWORD, groups=[roles.EDITORS])
    staff_create(username="m", password=PASSWORD, email="m@gas.ru", groups=[roles.MODERATORS])
    page = HomePage.objects.get().add_child(instance=StandardPage(title="Тарифы", live=False))
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    links = [link for letter in mailoutbox for link in letter_links(letter, f"/pages/{page.pk}/")]
    assert links and all(link.startswith(f"{pskov.url}/admin/") for link in links)
