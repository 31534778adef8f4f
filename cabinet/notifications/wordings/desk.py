"""The desk «Тексты сообщений»: which kinds a company words itself, an editor with a preview, versions."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.notifications.wordings.forms import WordingForm
from cabinet.notifications.wordings.letters import (
    letter_groups,
    letter_page,
    letter_titles,
    note_of,
)
from cabinet.notifications.wordings.services import NewerVersion, wording_reset, wording_save
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page
from portal.desk.questions import desk_ask
from portal.messaging.letterhead import letterhead
from portal.messaging.models import MessageTemplate
from portal.messaging.wording import (
    WORDINGS,
    Wording,
    Words,
    part_render,
    sms_length,
    wording_newest,
    words_of,
)
from tenants.selectors import company_entered

WORD = "messaging.change_messagetemplate"
_ICON = "mail"
_TEXTS = {
    "subject": gettext_lazy("Тема письма"),
    "text": gettext_lazy("Текст письма"),
    "short_text": gettext_lazy("Текст СМС и MAX"),
}


@dataclass(frozen=True)
class Preview:
    """A message with examples in place of the placeholders."""

    words: Words
    mail: str
    signs: int
    parts: int


@company_only
@desk_view(WORD)
def wording_list(request: DeskRequest) -> HttpResponse:
    newest = MessageTemplate.objects.filter(kind=OuterRef("kind")).order_by("-version")
    found = MessageTemplate.objects.filter(version=Subquery(newest.values("version")[:1]))
    groups = letter_groups({one.kind: one for one in found})
    template = "notifications/wordings/list.html"
    return desk_page(request, template, {"groups": groups}, title=_("Тексты сообщений"), icon=_ICON)


@company_only
@desk_view(WORD)
def wording_edit(request: DeskRequest, kind: str) -> HttpResponse:
    """Edit a text; the button «Посмотреть» shows the message and saves nothing."""
    if kind not in WORDINGS and kind in letter_titles():
        return letter_page(request, kind)
    wording = _wording(kind)
    newest = wording_newest(kind)
    if request.method != "POST":
        return _show(request, wording, newest, _begun(wording, newest))
    form = WordingForm(request.POST, wording=wording)
    if not form.is_valid():
        return _show(request, wording, newest, form)
    if "preview" in request.POST:
        return _show(request, wording, newest, form, _preview(wording, **form.texts()))
    try:
        saved = wording_save(
            wording=wording,
            author=request.user,
            since=form.cleaned_data["since"],
            **form.texts(),
        )
    except NewerVersion:
        return _show_newer(request, wording, form)
    done = _("Сохранено, версия %(version)s. Следующие сообщения уйдут с этим текстом.")
    messages.success(request, done % {"version": saved.version})
    return redirect("wordings")


class _SinceForm(forms.Form):
    since = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)


@company_only
@desk_view(WORD)
def wording_standard(request: DeskRequest, kind: str) -> HttpResponse:
    """Ask, and put the portal's text in force again."""
    wording, newest = _wording(kind), wording_newest(kind)
    if newest is None or newest.is_standard:
        return redirect("wording", kind)
    is_note = kind not in WORDINGS
    what = _("Следующие письма уйдут без приписки компании.") if is_note else ""
    return desk_ask(
        request,
        lambda data: _reset(request, wording, data["since"]),
        title=_("Убрать приписку") if is_note else _("Вернуть текст портала"),
        about=wording.title,
        says=[
            what or _("Следующие сообщения уйдут с\u00a0текстом портала, не\u00a0с\u00a0вашим."),
            _("Ваш текст останется в\u00a0истории: его можно будет вернуть."),
        ],
        form=partial(_SinceForm, initial={"since": newest.version}),
        danger=_("Убрать приписку") if is_note else _("Вернуть текст портала"),
        done=_("Приписка убрана. Её текст остался в\u00a0истории.")
        if is_note
        else _("Снова действует текст портала. Ваш текст остался в истории."),
        back=reverse("wording", args=[kind]),
        after=reverse("wordings"),
        refused=NewerVersion,
        icon=_ICON,
    )


def _reset(request: DeskRequest, wording: Wording, since: int) -> None:
    try:
        wording_reset(wording=wording, author=request.user, since=since)
    except NewerVersion as error:
        changed = _("Этот текст только что изменил другой сотрудник. Проверьте его.")
        raise NewerVersion(changed) from error


@company_only
@desk_view(WORD)
def wording_version(request: DeskRequest, kind: str, version: int) -> HttpResponse:
    wording = _wording(kind)
    shown = get_object_or_404(MessageTemplate, kind=kind, version=version, is_standard=False)
    texts = [
        (label, getattr(shown, name)) for name, label in _TEXTS.items() if getattr(shown, name)
    ]
    context = {"wording": wording, "version": shown, "texts": texts}
    title = _("%(title)s, версия %(version)s") % {"title": wording.title, "version": version}
    return desk_page(
        request, "notifications/wordings/version.html", context, title=title, icon=_ICON
    )


def _wording(kind: str) -> Wording:
    """Return the text of a kind that the company words, or its note."""
    found = WORDINGS.get(kind) or (note_of(kind) if kind in letter_titles() else None)
    if found is None:
        raise Http404
    return found


def _begun(wording: Wording, newest: MessageTemplate | None) -> WordingForm:
    """Return the form with the text in force: the company's, else what is like the portal's."""
    initial: dict[str, Any] = {"since": newest.version if newest else 0}
    if newest and not newest.is_standard:
        initial.update({name: getattr(newest, name) for name in _TEXTS})
    else:
        initial.update(subject=wording.subject, text=wording.text, short_text=wording.short)
    return WordingForm(initial=initial, wording=wording)


def _show_newer(request: DeskRequest, wording: Wording, form: WordingForm) -> HttpResponse:
    """Show what was typed again, over the version that somebody else has saved meanwhile."""
    newest = wording_newest(wording.kind)
    typed = request.POST.copy()
    typed["since"] = str(newest.version if newest else 0)
    again = WordingForm(typed, wording=wording)
    again.is_valid()
    return _show(request, wording, newest, again, is_late=True)


def _show(
    request: DeskRequest,
    wording: Wording,
    newest: MessageTemplate | None,
    form: WordingForm,
    preview: Preview | None = None,
    *,
    is_late: bool = False,
) -> HttpResponse:
    context = {
        "kind": wording.kind,
        "wording": wording,
        "newest": newest,
        "form": form,
        "preview": preview,
        "is_late": is_late,
        "versions": MessageTemplate.objects.filter(kind=wording.kind).order_by("-version")[:50],
        "back": reverse("wordings"),
    }
    template = "notifications/wordings/edit.html"
    return desk_page(request, template, context, title=str(wording.title), icon=_ICON)


def _preview(wording: Wording, *, subject: str, text: str, short_text: str) -> Preview:
    words = words_of(
        wording, subject=subject, text=text, short=short_text, values=wording.examples()
    )
    company = company_entered()
    frame = {
        "company_name": company.name,
        "off_url": f"{company.url}/",
        "letterhead": letterhead(),
    }
    signs, parts = sms_length(words.short)
    mail = part_render("html", wording.kind, words, frame) if text else ""
    return Preview(words=words, mail=mail, signs=signs, parts=parts)
