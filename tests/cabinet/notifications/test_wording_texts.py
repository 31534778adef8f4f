"""Companies' own texts: what the editor refuses, and what is made of what it takes."""

import datetime

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from cabinet.meters.models import Meter
from cabinet.notifications.wordings.services import wording_save
from cabinet.subscriptions.wordings import account_named
from portal.messaging.models import Message, MessageTemplate
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
from tests.cabinet.notifications.wording import CONTEXT, REMINDER, TEXT, TYPED, delivered, reminder
from tests.support.factories import text_of
from tests.support.readings import sent as readings_sent

# --- what the editor refuses ---------------------------------------------------------------------------


NO_PLACEHOLDERS = [
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
]


@pytest.mark.parametrize("field", ["subject", "text", "short_text"])
def test_what_is_no_placeholder_is_refused_at_its_field(desk, field):
    for typed, said in NO_PLACEHOLDERS:
        page = desk.post(REMINDER, TYPED | {field: f"{TYPED[field]} {typed}"})
        assert page.status_code == 200 and not MessageTemplate.objects.exists(), typed
        shown = text_of(page).replace("&#x27;", "'")
        assert said in shown and "Можно вставить: {лицевой счёт}, " in shown, shown
        assert list(page.context["form"].errors) == [field], typed


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
