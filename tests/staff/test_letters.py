"""Letters to staff about passwords and tasks lead to the admin of their own company."""

import re

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from cms_pages.models import HomePage, StandardPage
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from portal.staff import roles
from portal.staff.login.passwords import password_reset_send, password_resets_sweep
from portal.staff.models import PasswordReset, StaffUser
from portal.staff.services import staff_create
from tenants.models import site_url
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    staff_client,
    text_of,
)
from tests.support.jobs import swept

NEW_PASSWORD = "газ-голубой-цветок-9"


def letter_links(letter, path: str) -> list[str]:
    return [link for link in re.findall(r"https?://\S+", letter.body) if path in link]


def reset_link(client: Client, email: str, **asked: str) -> str:
    """The link of the letter that the worker writes."""
    client.post("/admin/password_reset/", {"email": email}, **asked)
    password_reset_send(reset_id=PasswordReset.objects.get().pk)
    letter = Message.objects.get(kind="staff_password_reset")
    assert letter.recipient == email
    return re.search(r"https?://\S+/password_reset/confirm/\S+", letter.text)[0]


def test_a_forgotten_password_is_replaced_by_the_letters_link(guest, pskov):
    person = staff_create(
        username="nina", password=PASSWORD, email="nina@gas.ru", groups=[roles.EDITORS]
    )
    link = reset_link(guest, "nina@gas.ru")
    assert link.startswith(f"{pskov.url}/admin/")
    form = guest.get(link.removeprefix(pskov.url), follow=True)
    typed = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert guest.post(form.redirect_chain[-1][0], typed).status_code == 302
    assert StaffUser.objects.get(pk=person.pk).check_password(NEW_PASSWORD)
    assert guest.get("/admin/").status_code == 200  # and is in
    told = Message.objects.get(kind="staff_password_changed")
    assert told.recipient == "nina@gas.ru" and "nina" in told.text
    entry = AuditEntry.objects.get(action="staff.password")
    assert (entry.actor_name, entry.subject) == ("nina", "nina")
    again = Client(headers={"host": PSKOV_HOST}).get(link.removeprefix(pskov.url), follow=True)
    assert "new_password1" not in again.content.decode()


def test_nobody_learns_who_has_a_login(guest, pskov):
    """The same page, the same queries, no letter before the worker has looked; the right case or not."""
    staff_create(username="nina", password=PASSWORD, email="nina@gas.ru")
    guest.get("/admin/password_reset/")
    with CaptureQueriesContext(connection) as known:
        one = guest.post("/admin/password_reset/", {"email": "NINA@gas.ru"})
    with CaptureQueriesContext(connection) as unknown:
        other = guest.post("/admin/password_reset/", {"email": "anna@gas.ru"})
    shapes = [
        [re.sub(r'"s\d+_x\d+"', "", query["sql"])[:60] for query in found]
        for found in (known, unknown)
    ]
    assert shapes[0] == shapes[1]
    assert (one.status_code, one.url) == (other.status_code, other.url)
    assert PasswordReset.objects.count() == 2 and not Message.objects.exists()
    for reset in PasswordReset.objects.all():
        password_reset_send(reset_id=reset.pk)
    assert Message.objects.count() == 1 and not PasswordReset.objects.exists()


def test_a_lost_letter_is_found_again(guest, pskov):
    staff_create(username="nina", password=PASSWORD, email="nina@gas.ru")
    guest.post("/admin/password_reset/", {"email": "nina@gas.ru"})
    assert swept(password_resets_sweep) == 1


@pytest.mark.parametrize("email", ["nina@gas.ru", "anna@gas.ru"])
def test_an_address_gets_five_letters_an_hour(guest, pskov, novgorod, email):
    """Whoever asks, and from wherever; in another company it is another person."""
    staff_create(username="nina", password=PASSWORD, email="nina@gas.ru")
    for number in range(5):
        asked = {"REMOTE_ADDR": f"198.51.100.{number}"}
        assert guest.post("/admin/password_reset/", {"email": email}, **asked).status_code == 302
    refused = guest.post("/admin/password_reset/", {"email": email.upper()})
    assert refused.status_code == 200
    assert "Слишком много запросов" in text_of(refused) and email.upper() in text_of(refused)
    assert PasswordReset.objects.count() == 5
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    assert elsewhere.post("/admin/password_reset/", {"email": email}).status_code == 302


def test_a_network_asks_thirty_times_an_hour(guest, pskov):
    for number in range(30):
        guest.post("/admin/password_reset/", {"email": f"n{number}@gas.ru"})
    assert "Слишком много" in text_of(guest.post("/admin/password_reset/", {"email": "x@gas.ru"}))
    assert PasswordReset.objects.count() == 30


def test_who_is_shut_out_gets_no_letter(guest, pskov):
    person = staff_create(username="nina", password=PASSWORD, email="nina@gas.ru")
    link = reset_link(guest, "nina@gas.ru")
    StaffUser.objects.filter(pk=person.pk).update(is_active=False)
    page = guest.get(link.removeprefix(pskov.url), follow=True)
    assert "new_password1" not in page.content.decode()
    guest.post("/admin/password_reset/", {"email": "nina@gas.ru"})
    password_reset_send(reset_id=PasswordReset.objects.get().pk)
    assert Message.objects.count() == 1


def test_ones_own_page_changes_no_address_and_tells_of_a_password(pskov):
    person = staff_create(
        username="nina", password=PASSWORD, email="nina@gas.ru", groups=[roles.EDITORS]
    )
    client = staff_client(person)
    form = {
        "name_email-first_name": "Нина",
        "name_email-last_name": "К",
        "name_email-email": "thief@mail.ru",
        "theme-theme": "light",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
        "password-old_password": PASSWORD,
        "password-new_password1": NEW_PASSWORD,
        "password-new_password2": NEW_PASSWORD,
    }
    assert client.post("/admin/account/", form).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD) and person.email == "nina@gas.ru"
    assert Message.objects.get(kind="staff_password_changed").recipient == "nina@gas.ru"
    assert AuditEntry.objects.get(action="staff.password").actor_name == "nina"


def test_a_command_that_changes_a_password_is_logged_too(central_admin):
    with schema_context("public"):
        central_admin.set_password(NEW_PASSWORD)
        central_admin.save()
        entry = AuditEntry.objects.get(action="staff.password")
        assert (entry.actor_name, entry.subject) == ("", "central")
        assert AuditEntry.objects.filter(action="staff.create", subject="central").exists()


@pytest.mark.parametrize(
    ("host", "schema"), [(BASE_HOST, "public"), (NOVGOROD_HOST, "novgorod"), (PSKOV_HOST, "pskov")]
)
def test_the_link_is_of_the_company_that_was_asked(client, db, host, schema):
    """Whatever port the asker names, and with the schema that is entered by the worker."""
    with schema_context(schema):
        staff_create(
            username="nina", password=PASSWORD, email="n@gas.ru", superuser=schema == "public"
        )
        link = reset_link(client, "n@gas.ru", HTTP_HOST=f"{host}:6666")
    assert link.startswith(f"{site_url(host)}/admin/")


def test_a_moderator_is_led_to_the_page_that_awaits_him(pskov, mailoutbox):
    editor = staff_create(username="e", password=PASSWORD, email="e@gas.ru", groups=[roles.EDITORS])
    other = staff_create(
        username="m", password=PASSWORD, email="m@gas.ru", groups=[roles.MODERATORS]
    )
    page = HomePage.objects.get().add_child(instance=StandardPage(title="Тарифы", live=False))
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    links = [link for letter in mailoutbox for link in letter_links(letter, f"/pages/{page.pk}/")]
    assert links and all(link.startswith(f"{pskov.url}/admin/") for link in links)
    (asked,) = mailoutbox
    assert asked.subject == "Ждёт вашей проверки: «Тарифы»"
    assert asked.from_email.startswith(f'"{pskov.name}"') or pskov.name in asked.from_email
    page.current_workflow_task.on_action(
        page.current_workflow_task_state, other, "reject", comment="Цены «за м³»?"
    )
    back = mailoutbox[-1]
    assert (back.subject, back.to) == ("Вернули на доработку: «Тарифы»", ["e@gas.ru"])
    assert "Комментарий: Цены «за м³»?\n" in back.body and pskov.name in back.body
    page.current_workflow_state.resume(editor)
    page.current_workflow_task.on_action(page.current_workflow_task_state, other, "approve")
    assert mailoutbox[-1].subject == "Одобрено: «Тарифы»"
    assert f"На сайте: {pskov.url}/" in mailoutbox[-1].body
