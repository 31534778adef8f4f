"""All kinds of letters: which the company may word, to which it may add a note, and the others."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.notifications.sent import TITLES
from cabinet.notifications.wordings.samples import letter_preview
from cabinet.notifications.wordings.services import NewerVersion, wording_save
from cms_pages.selectors import company_phone
from portal.desk.access import DeskRequest
from portal.desk.pages import desk_page
from portal.formats.text_fields import ParagraphsField
from portal.messaging.letterhead import (
    NOTE_LENGTH,
    Letterhead,
    letterhead,
    takes_note,
    takes_signature,
)
from portal.messaging.models import MessageTemplate
from portal.messaging.wording import WORDINGS, Wording, wording_newest
from tenants.selectors import company_entered

# Letters that say what has happened and ask for nothing secret. The others have a code, a password, a link
# that opens a cabinet, or warn of a stranger: there nobody's words but the portal's may stand.
NOTED = (
    "appeal_answered",
    "appeal_received",
    "application_refused",
    "appointment_booked",
    "appointment_cancelled",
    "appointment_moved",
    "appointment_reminder",
    "autopay_result",
    "autopay_soon",
    "autopay_state",
    "connection_papers_asked",
    "connection_state",
    "connection_submitted",
    "form_reply",
    "payment_refunded",
    "payment_succeeded",
    "refund_request_answered",
    "waiting_joined",
    "window_offered",
)
# Letters to the staff, which `TITLES` has not: operators are not shown them.
_TO_STAFF = {
    "form_submission": gettext_lazy("новое сообщение с сайта"),
    "staff_invitation": gettext_lazy("приглашение сотрудника"),
    "staff_password_changed": gettext_lazy("пароль сотрудника изменён"),
    "staff_password_reset": gettext_lazy("новый пароль сотрудника"),
}
# Sent by SMS alone.
_NO_LETTER = {"phone_code"}
_ICON = "mail"
# What mail programs take for the address of a page; a mailbox is none, nor is «и.о.директора».
_PAGE = re.compile(
    r"(?:[a-z]+://|(?<![\w.@-])www\.)\S+"
    r"|(?<![\w.@-])(?:[\w-]+\.)+(?:ru|su|com|net|org|info|io|me|рф|рус|москва)(?![\w@-])(?:/\S*)?",
    re.IGNORECASE,
)
Row = tuple[str, str, MessageTemplate | None]


@dataclass(frozen=True)
class Group:
    """Kinds of one sort on the list: (kind, title, the version in force or None)."""

    title: Any
    hint: Any
    rows: list[Row]


class NoteForm(forms.Form):
    """A note below the portal's text; `since`: the version that was seen."""

    since = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)
    text = ParagraphsField(
        label=gettext_lazy("Приписка компании"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Обычный текст до 600 знаков под текстом портала, над подписью: без ссылок и картинок."
        ),
        error_messages={"required": gettext_lazy("Напишите приписку или верните текст портала.")},
    )

    def clean_text(self) -> str:
        """Refuse addresses of pages: mail programs make links of them, with «https://» or without it."""
        text: str = self.cleaned_data["text"]
        found = _PAGE.search(text)
        if found:
            said = _("Уберите адрес страницы «%(address)s»: в\u00a0приписке ссылок не\u00a0бывает.")
            raise ValidationError(said % {"address": found[0]})
        return text


def letter_titles() -> dict[str, str]:
    """Return what letters of all kinds are about, by kind."""
    titles = (TITLES | _TO_STAFF).items()
    found = {kind: str(title) for kind, title in titles if kind not in _NO_LETTER}
    return found | {one.kind: str(one.title) for one in WORDINGS.values()}


def note_of(kind: str) -> Wording | None:
    """Return the note of a kind as a text without placeholders; None where there is none."""
    return Wording(kind, letter_titles()[kind].capitalize(), ()) if takes_note(kind) else None


def letter_groups(versions: dict[str, MessageTemplate]) -> list[Group]:
    """Return all kinds of letters in three groups, in the order of their titles."""
    worded: list[Row] = []
    noted: list[Row] = []
    closed: list[Row] = []
    for kind, title in sorted(letter_titles().items(), key=lambda one: one[1].casefold()):
        row = (kind, title[:1].upper() + title[1:], versions.get(kind))
        (worded if kind in WORDINGS else noted if takes_note(kind) else closed).append(row)
    return [
        Group(
            _("Можно переписать"),
            _("Текст целиком: письмо, СМС и сообщение MAX. Данные абонента вставит портал."),
            worded,
        ),
        Group(
            _("Можно дополнить"),
            _("Под текстом портала встанет приписка компании, обычным текстом."),
            noted,
        ),
        Group(
            _("Только текст портала"),
            _("Коды, пароли, ссылки для входа и предупреждения: в них нет и подписи компании."),
            closed,
        ),
    ]


def letter_page(request: DeskRequest, kind: str) -> HttpResponse:
    """Show a letter that the company does not word, as people get it; a POST previews or saves its note."""
    note, newest = note_of(kind), wording_newest(kind)
    if request.method != "POST" or note is None:
        text = newest.text if newest else ""
        initial = {"since": newest.version if newest else 0, "text": text}
        return _show(request, kind, NoteForm(initial=initial), text)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, kind, form, "")
    text = form.cleaned_data["text"]
    if "preview" in request.POST:
        return _show(request, kind, form, text)
    try:
        since = form.cleaned_data["since"]
        words = {"subject": "", "text": text, "short_text": ""}
        wording_save(wording=note, author=request.user, since=since, **words)
    except NewerVersion:
        newest = wording_newest(kind)
        typed = {**request.POST.dict(), "since": newest.version if newest else 0}
        return _show(request, kind, NoteForm(typed), text, is_late=True)
    messages.success(request, _("Приписка сохранена. Она будет в следующих письмах."))
    return redirect("wordings")


def _show(
    request: DeskRequest, kind: str, form: NoteForm, text: str, *, is_late: bool = False
) -> HttpResponse:
    own = letterhead()
    signature = own.signature if takes_signature(kind) else ""
    shown = Letterhead(own.sender, own.reply_to, signature, text if takes_note(kind) else "")
    preview = letter_preview(kind, company_entered().name, company_phone(), shown)
    context = {
        "kind": kind,
        "form": form if takes_note(kind) else None,
        "preview": preview,
        "newest": wording_newest(kind),
        "is_late": is_late,
        "is_typed": form.is_bound,
        "versions": MessageTemplate.objects.filter(kind=kind).order_by("-version")[:50],
        "back": reverse("wordings"),
    }
    title = letter_titles()[kind]
    title = title[:1].upper() + title[1:]
    return desk_page(
        request, "notifications/wordings/letter.html", context, title=title, icon=_ICON
    )
