"""Companies' own texts: what the editor refuses, which version a message is made of, who may write them."""

import datetime
import re

import pytest
from django.utils.html import escape
from django_tenants.utils import schema_context
from hypothesis import given
from hypothesis import strategies as st

from cabinet.meters.models import Meter
from cabinet.notifications.wordings.services import wording_save
from cabinet.subscriptions.wordings import account_named
from portal.audit.models import AuditEntry
from portal.messaging.models import Message, MessageTemplate
from portal.messaging.sending import message_deliver, messages_drain
from portal.messaging.services import Letter, message_send, messages_write
from portal.messaging.wording import (
    SMS_PARTS,
    WORDINGS,
    Placeholder,
    Wording,
    part_render,
    placeholders_missing,
    sms_length,
    text_problems,
    words_of,
)
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    staff_client,
    text_of,
)
from tests.support.readings import sent as readings_sent

DESK = "/admin/messages/wordings/"
REMINDER = f"{DESK}readings_reminder/"
TEXT = "Срок — {срок}, счёт {лицевой счёт}.\n\n{ссылка}"
TYPED = {
    "since": "0",
    "subject": "Показания за {месяц}",
    "text": TEXT,
    "short_text": "До {срок}, счёт {лицевой счёт}: {ссылка}",
}
CONTEXT = {
    "company_name": "Газпром межрегионгаз Псков",
    "account_number": "805107",
    "label": "",
    "month": "ноябрь 2026 г.",
    "until": "25 ноября",
    "url": "https://pskov.ru/cabinet/?a=1&b=2",
    "off_url": "https://pskov.ru/cabinet/off/",
}


@pytest.fixture
def desk(editor):
    return staff_client(editor)


@pytest.fixture
def save(editor):
    """Save a version of the reminder's text in Pskov."""

    def saved(**texts) -> MessageTemplate:
        newest = MessageTemplate.objects.filter(kind="readings_reminder").order_by("version").last()
        typed = {name: TYPED[name] for name in ("subject", "text", "short_text")} | texts
        return wording_save(
            wording=WORDINGS["readings_reminder"],
            author=editor,
            since=newest.version if newest else 0,
            **typed,
        )

    return saved


def reminder(**values) -> Message:
    return message_send(
        kind="readings_reminder",
        recipient="owner@mail.ru",
        context=CONTEXT | values,
        unsubscribe_url=CONTEXT["off_url"],
    )


def delivered(mailoutbox, message: Message):
    assert message_deliver(message.pk)
    message.refresh_from_db()
    return mailoutbox[-1]


# --- what the editor refuses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{месяцы}", "Портал не знает слова «{месяцы}»."),
        ("{{ 7*7 }}", "Лишняя фигурная скобка: «{{ 7*7 }}»"),
        ("{{ссылка}}", "Лишняя фигурная скобка: «{{ссылка}}»"),
        ("{месяц.__class__}", "«{месяц.__class__}»"),
        ("{месяц!r}", "«{месяц!r}»"),
        ("{месяц:>9999999}", "«{месяц:&gt;9999999}»"),
        ("{0}", "«{0}»"),
        ("{}", "«{}»"),
        ("{% now 'Y' %}", "Портал не знает слова"),
        ("}", "Лишняя фигурная скобка"),
        ("осталось { дня", "Лишняя фигурная скобка"),
        ("{месяц", "Лишняя фигурная скобка"),
    ],
)
@pytest.mark.parametrize("field", ["subject", "text", "short_text"])
def test_what_is_no_placeholder_is_refused_at_its_field(desk, field, typed, said):
    page = desk.post(REMINDER, TYPED | {field: f"{TYPED[field]} {typed}"})
    assert page.status_code == 200 and not MessageTemplate.objects.exists()
    shown = text_of(page).replace("&#x27;", "'")
    assert said in shown and "Можно вставить: {лицевой счёт}, " in shown, shown
    assert list(page.context["form"].errors) == [field]


def test_signs_of_other_languages_of_templates_are_plain_text(desk, mailoutbox):
    desk.post(REMINDER, TYPED | {"text": f"%s %(url)s $url 50% <b>{TEXT}"})
    letter = delivered(mailoutbox, reminder())
    assert letter.body.startswith("%s %(url)s $url 50% <b>Срок")
    assert "50% &lt;b&gt;Срок" in letter.alternatives[0][0]


@pytest.mark.parametrize(("field", "lost"), [("text", "{ссылка}"), ("short_text", "{ссылка}")])
def test_without_the_link_a_text_is_refused(desk, field, lost):
    page = desk.post(REMINDER, TYPED | {field: TYPED[field].replace(lost, "")})
    assert f"Вставьте {lost}" in text_of(page) and not MessageTemplate.objects.exists()


def test_a_short_text_is_no_longer_than_three_sms(desk):
    page = desk.post(REMINDER, TYPED | {"short_text": TYPED["short_text"] + " слово" * 25})
    assert "это три СМС" in text_of(page) and not MessageTemplate.objects.exists()


@pytest.mark.parametrize("kind", list(WORDINGS))
def test_what_an_author_begins_with_is_accepted(kind):
    wording = WORDINGS[kind]
    for text in filter(None, (wording.subject, wording.text, wording.short)):
        assert text_problems(wording, text) == []
    assert placeholders_missing(wording, wording.text) == []
    assert placeholders_missing(wording, wording.short, is_short=True) == []
    words = words_of(wording, subject="", text="", short=wording.short, values=wording.longest())
    assert sms_length(words.short)[1] <= SMS_PARTS


@pytest.mark.parametrize("kind", list(WORDINGS))
def test_a_way_out_stands_below_the_companys_words_in_both_parts(kind):
    wording = WORDINGS[kind]
    words = words_of(wording, subject="", text="Текст", short="", values=wording.examples())
    html, text = (
        part_render(part, kind, words, {"off_url": "https://a.ru/off/"})
        for part in ("html", "text")
    )
    assert "https://a.ru/off/" in text
    assert "https://a.ru/off/" in html


def test_a_long_title_does_not_make_a_long_sms():
    wording = WORDINGS["news_published"]
    values = wording.examples() | {"заголовок": "Очень длинно " * 30}
    words = words_of(wording, subject="", text="", short=wording.short, values=values)
    assert sms_length(words.short)[1] <= SMS_PARTS


def test_no_code_password_or_warning_can_be_worded():
    assert WORDINGS.keys() <= {
        "bill_ready",
        "news_published",
        "readings_received",
        "readings_reminder",
    }
    assert not any(Message(kind=kind).is_secret for kind in WORDINGS)


# --- rendering -----------------------------------------------------------------------------------------

SAMPLE = Wording(
    kind="sample",
    title="Пример",
    placeholders=(
        Placeholder("месяц", "месяц", "май", "month"),
        Placeholder("лицевой счёт", "счёт", "805107", "account"),
        Placeholder("ссылка", "страница", "https://a.ru/", "url", button="Открыть"),
    ),
)
SOUP = st.lists(
    st.one_of(
        st.sampled_from(["{месяц}", "{ЛИЦЕВОЙ  СЧЕТ}", "{ссылка}", "\n\n", "{", "}", "{{", "%s"]),
        st.text(max_size=8),
    ),
    max_size=8,
).map("".join)


@given(text=SOUP, value=st.text(max_size=20))
def test_whatever_is_accepted_renders_and_whatever_is_put_in_is_escaped(text, value):
    values = {one.name: f"<{value}>" for one in SAMPLE.placeholders}
    if text_problems(SAMPLE, text):
        return
    words = words_of(SAMPLE, subject=text, text=text, short=text, values=values)
    assert "\n" not in words.subject + words.short
    assert f"<{value}>" not in words.html and 'href="<' not in words.html
    if "месяц" in text and "\n" not in value:
        assert escape(f"<{value}>") in words.html


def test_values_are_escaped_and_the_link_alone_becomes_a_button(pskov, save, mailoutbox):
    save(text="{счёт с названием}: до {срок}\nили позже.\n\n{ссылка}\n\nСсылка: {ссылка}")
    letter = delivered(mailoutbox, reminder(label="<script>{месяц}{{ 7*7 }}</script>"))
    html = letter.alternatives[0][0]
    assert "&lt;script&gt;{месяц}{{ 7*7 }}&lt;/script&gt;" in html and "<script>" not in html
    assert "до 25 ноября<br>" in html
    assert html.count('href="https://pskov.ru/cabinet/?a=1&amp;b=2"') == 2
    assert html.count("Передать показания</a>") == 1
    assert "<script>{месяц}{{ 7*7 }}</script>" in letter.body


def test_the_way_out_and_the_companys_name_stay_in_the_frame(pskov, save, mailoutbox):
    save()
    letter = delivered(mailoutbox, reminder())
    html = letter.alternatives[0][0]
    assert f'href="{CONTEXT["off_url"]}"' in html and CONTEXT["company_name"] in html
    assert f"Не напоминать больше: {CONTEXT['off_url']}" in letter.body
    assert letter.extra_headers["List-Unsubscribe"] == f"<{CONTEXT['off_url']}>"


def test_a_full_stop_is_not_doubled(pskov, save, mailoutbox):
    save(text="За {месяц}. Счёт {лицевой счёт}. {ссылка}")
    assert delivered(mailoutbox, reminder()).body.startswith("За ноябрь 2026 г. Счёт 805107. https")


def test_an_acknowledgement_says_what_must_be_said_in_the_companys_words(
    owner_client, link, account, clock, editor
):
    wording, meter = WORDINGS["readings_received"], account.meters.get()
    wording_save(
        wording=wording,
        author=editor,
        since=0,
        subject="Спасибо! {итог}",
        text=f"Спасибо!\n\n{wording.text}",
        short_text="",
    )
    clock.at("2026-11-18T12:00")
    for until, said in ((None, False), (datetime.date(2026, 1, 1), True)):
        Meter.objects.update(verification_due_on=until)
        owner_client.post(f"/cabinet/{link.pk}/readings/", readings_sent(meter, 1905))
        letter = Message.objects.filter(kind="readings_received").latest("created_at")
        assert letter.template.version == 1 and letter.text.startswith("Спасибо!")
        assert "1\u202f905" in letter.text and "…52" in letter.html
        assert ("Срок поверки счётчика истёк" in letter.text) == said
        assert "\n\n\n" not in letter.text and '<p style="margin:0 0 16px"></p>' not in letter.html
        Message.objects.all().delete()


# --- which version -------------------------------------------------------------------------------------


def test_a_message_keeps_the_version_that_it_was_made_of(pskov, save, mailoutbox):
    first, before = save(subject="Первый"), reminder()
    assert delivered(mailoutbox, before).subject == "Первый" and before.template == first
    waiting = reminder()
    second = save(subject="Второй")
    assert delivered(mailoutbox, waiting).subject == "Второй" and waiting.template == second
    before.refresh_from_db()
    assert before.template == first


def test_the_portals_text_comes_back(pskov, save, desk, mailoutbox):
    save(subject="Свой")
    desk.post(f"{REMINDER}standard/", {"since": "1", "answer": "yes"})
    message = reminder()
    assert "Передайте показания" in delivered(mailoutbox, message).subject
    assert message.template is None
    assert "вернул editor" in text_of(desk.get(DESK))


def test_a_text_that_names_what_is_no_longer_there_is_passed_over(pskov, save, mailoutbox):
    save(text="{чего больше нет} {ссылка}")
    message = reminder()
    assert "Передайте показания" in delivered(mailoutbox, message).subject
    assert message.template is None


def test_many_messages_ask_for_the_text_once(
    pskov, save, django_assert_max_num_queries, mailoutbox
):
    save(subject="Свой")
    letters = [
        Letter(kind="readings_reminder", recipient=f"{n}@mail.ru", context=CONTEXT)
        for n in range(3)
    ]
    messages_write(letters)
    with django_assert_max_num_queries(100) as asked:
        assert messages_drain() == 3
    assert sum('FROM "messaging_messagetemplate"' in one["sql"] for one in asked) == 1
    assert {one.subject for one in mailoutbox} == {"Свой"}


def test_no_company_uses_another_ones_text(pskov, novgorod: GasCompany, save, mailoutbox):
    save(subject="Псковский")
    with schema_context(novgorod.schema_name):
        message = reminder()
        assert "Передайте показания" in delivered(mailoutbox, message).subject
        assert message.template is None


# --- the desk ------------------------------------------------------------------------------------------


def test_the_editor_saves_a_version_and_the_log_has_it(desk):
    assert desk.post(REMINDER, TYPED).url == DESK
    version = MessageTemplate.objects.get()
    assert (version.version, version.author, version.text) == (1, "editor", TEXT)
    entry = AuditEntry.objects.get(action="message.worded")
    changes = entry.details.pop("changes")
    assert ["Тема письма", "", TYPED["subject"]] in changes
    assert entry.details == {"version": 1}
    listed = text_of(desk.get(DESK))
    assert "Свой текст, версия 1, изменил editor" in " ".join(listed.split())
    assert desk.get(f"{REMINDER}1/").status_code == 200
    assert desk.get(f"{REMINDER}2/").status_code == 404


def test_a_preview_saves_nothing(desk):
    page = desk.post(REMINDER, TYPED | {"preview": "1"})
    shown = page.context["preview"]
    assert "805107000123" in shown.mail and shown.words.subject == "Показания за ноябрь 2026 г."
    assert (shown.signs, shown.parts) == (len(shown.words.short), 2)
    (frame,) = re.findall("<iframe ([^>]*)>", page.content.decode())
    assert 'sandbox=""' in frame and frame.endswith(f'srcdoc="{escape(str(shown.mail))}"')
    assert not MessageTemplate.objects.exists() and not AuditEntry.objects.filter(
        action="message.worded"
    )


def test_the_second_of_two_editors_hears_of_the_first_and_loses_nothing(desk, save):
    save(subject="Первого")
    page = desk.post(REMINDER, TYPED | {"subject": "Второго"})
    assert page.status_code == 200 and MessageTemplate.objects.count() == 1
    assert "сохранил" in text_of(page) and 'value="Второго"' in page.content.decode()
    since = page.context["form"]["since"].value()
    desk.post(REMINDER, TYPED | {"subject": "Второго", "since": since})
    assert MessageTemplate.objects.get(version=2).subject == "Второго"


@pytest.mark.parametrize("path", [DESK, REMINDER, f"{REMINDER}standard/", f"{REMINDER}1/"])
def test_get_and_head_change_nothing(desk, save, path):
    save()
    for method in (desk.get, desk.head):
        assert method(path).status_code in (200, 405)
    assert MessageTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (roles.EDITORS, True),
        (roles.COMPANY_ADMINISTRATORS, True),
        (roles.MODERATORS, False),
        (roles.OPERATORS, False),
        (roles.CASHIERS, False),
    ],
)
def test_editors_and_administrators_word_messages(pskov, role, may):
    client = staff_client(staff_create(username="some", password=PASSWORD, groups=[role]))
    for path in (DESK, REMINDER):
        assert client.get(path).status_code == (200 if may else 404)
    answer = client.post(REMINDER, TYPED)
    assert answer.status_code == (302 if may else 404)
    assert MessageTemplate.objects.exists() == may
    answer = client.post(f"{REMINDER}standard/", {"since": "1", "answer": "yes"})
    assert answer.status_code == (302 if may else 404)
    assert ("/messages/wordings/" in client.get("/admin/").content.decode()) == may


def test_the_central_office_has_no_such_desk(central_admin):
    client = staff_client(central_admin, BASE_HOST)
    assert client.get(DESK).status_code == 404
    assert "/messages/wordings/" not in client.get("/admin/").content.decode()


def test_an_editor_words_the_messages_of_his_own_company(pskov, save):
    save(subject="Псковский")
    with schema_context("novgorod"):
        other = staff_create(username="other", password=PASSWORD, groups=[roles.EDITORS])
        client = staff_client(other, NOVGOROD_HOST)
    assert "Псковский" not in client.get(REMINDER).content.decode()
    assert client.get(f"{REMINDER}1/").status_code == 404
    assert client.post(REMINDER, TYPED | {"subject": "Новгородский"}).url == DESK
    assert MessageTemplate.objects.get().subject == "Псковский"


@pytest.mark.parametrize("kind", ["temporary_password", "phone_code", "parts", "no-such"])
def test_other_kinds_take_no_text(desk, kind):
    for answer in (desk.get(f"{DESK}{kind}/"), desk.post(f"{DESK}{kind}/", TYPED)):
        assert answer.status_code == (200 if kind == "temporary_password" else 404)
    assert desk.post(f"{DESK}{kind}/standard/", {"since": "0"}).status_code == 404


def test_a_long_name_of_an_account_does_not_make_a_long_sms():
    """A person gives it, and the company pays."""
    wording = WORDINGS["readings_reminder"]
    name = account_named({"account_number": "805107000123", "label": "Д" * 50})
    short = "{счёт с названием}: {ссылка}"
    values = wording.examples() | {"счёт с названием": name}
    words = words_of(wording, subject="", text="", short=short, values=values)
    longest = words_of(wording, subject="", text="", short=short, values=wording.longest())
    assert words.short.startswith("805107000123 («ДДД")
    assert sms_length(words.short) <= sms_length(longest.short)
