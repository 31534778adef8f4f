"""The inbox of the site's forms: all messages of a company, one message, its answer, the list as a file."""

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, re_path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem

from cms_pages.inbox.forms import ReplyForm
from cms_pages.inbox.models import FormEntry
from cms_pages.inbox.services import (
    AnsweredMeanwhile,
    entries_read,
    entry_answered,
    entry_renew,
    entry_reply,
)
from portal.connection import current_schema
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.lists import Column, DeskList, Filter, Rows, keys_of
from portal.desk.menu import CountedMenuItem, counted
from portal.desk.pages import desk_act, desk_page
from portal.formats.tables import Row, file_response, spreadsheet_csv, spreadsheet_xlsx
from portal.messaging.models import Message
from portal.staff.admin_home_items import Action

if TYPE_CHECKING:
    from portal.staff.models import StaffUser

ANSWER = "cms_pages.answer_formentry"
SERVE_APPEALS = "appeals.serve_appeal"
ICON = "form"
_COLUMNS = [
    Column(label=gettext_lazy("Когда"), order=("submit_time", "pk")),
    Column(label=gettext_lazy("Сообщение")),
    Column(label=gettext_lazy("Состояние"), order=("state", "pk")),
]
_HEADINGS = [
    gettext_lazy(one)
    for one in (
        "Номер",
        "Когда",
        "Форма",
        "Электронная почта",
        "Ответы",
        "Состояние",
        "Кто прочитал",
        "Когда прочитал",
        "Кто ответил",
        "Когда ответил",
        "Обращение",
    )
]
_PERIODS = {
    "1": gettext_lazy("сегодня"),
    "7": gettext_lazy("за 7 дней"),
    "30": gettext_lazy("за 30 дней"),
    "365": gettext_lazy("за год"),
}


def new_entries() -> Rows:
    """Return the messages that nobody has read. Those that became appeals wait in the operators' queue."""
    rows: Rows = FormEntry.objects.filter(state=FormEntry.State.NEW, appeal_number=None)
    return rows


@company_only
@desk_view(ANSWER)
def inbox(request: DeskRequest) -> HttpResponse:
    shown = _list(request)
    for one in shown.page:
        one.said = " · ".join(value for _label, value in one.answers if value)
    context = {
        "list": shown,
        "is_cards": True,
        "asked": request.GET.urlencode(),
        "page_keys": [one.pk for one in shown.page if one.state == FormEntry.State.NEW],
        "may_serve": request.user.has_perm(SERVE_APPEALS),
    }
    title = _("Входящие с сайта")
    return desk_page(request, "cms_pages/inbox/list.html", context, title=title, icon=ICON)


@company_only
@desk_view(ANSWER)
def inbox_file(request: DeskRequest, ending: str) -> HttpResponse:
    """Return what the list shows, all its pages, as CSV or XLSX in the company's time."""
    heading: Row = [str(one) for one in _HEADINGS]
    rows = [heading, *map(_file_row, _list(request).page.paginator.object_list)]
    if ending == "csv":
        content = spreadsheet_csv(rows)
    else:
        content = spreadsheet_xlsx(
            _("Сообщения"), rows, [9, 20, 30, 30, 80, 14, 25, 20, 25, 20, 12]
        )
    return file_response(content, f"soobshcheniya-{timezone.localdate()}.{ending}")


@company_only
@desk_view(ANSWER)
def entry_show(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(FormEntry, pk=pk))


@company_only
@desk_action(ANSWER)
def reply(request: DeskRequest, pk: int) -> HttpResponse:
    """Send an answer by e-mail, unless a colleague has answered since the page was opened."""
    entry = get_object_or_404(FormEntry.objects.exclude(email="").filter(appeal_number=None), pk=pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, entry, form)
    data = form.cleaned_data
    try:
        entry_reply(entry_pk=pk, actor=request.user, **data)
    except AnsweredMeanwhile:
        again = ReplyForm({**request.POST.dict(), "seen": entry.replies.count()})
        return _page(request, entry, again, is_late=True)
    messages.success(request, _("Ответ отправляем на адрес %(email)s.") % {"email": entry.email})
    return redirect("inbox_entry", pk)


@company_only
@desk_action(ANSWER)
def mark(request: DeskRequest, pk: int, state: str) -> HttpResponse:
    """Mark a message as read, as answered otherwise, or as new again."""
    get_object_or_404(FormEntry, pk=pk)
    user = request.user
    changes: dict[str, tuple[Any, str]] = {
        "read": (lambda: entries_read(pks=[pk], actor=user), _("Сообщение прочитано.")),
        "answered": (lambda: entry_answered(entry_pk=pk, actor=user), _("Ответ отмечен.")),
        "new": (lambda: entry_renew(entry_pk=pk, actor=user), _("Сообщение снова новое.")),
    }
    change, done = changes[state]
    return desk_act(request, change, done=done, back=reverse("inbox_entry", args=[pk]))


@company_only
@desk_action(ANSWER)
def read_listed(request: DeskRequest) -> HttpResponse:
    """Mark the messages of one page of the list as read."""
    pks = keys_of(request.POST.getlist("entry")[:100])
    count = entries_read(pks=pks, actor=request.user)
    messages.success(request, _("Отмечено прочитанными: %(count)s.") % {"count": count})
    return redirect("inbox")


def answers_for_user(user: "StaffUser", forms: Rows) -> Rows:
    """Show Wagtail's lists of answers to nobody but those who may open the inbox."""
    return forms if user.has_perm(ANSWER) else forms.none()


def inbox_urls() -> list[URLPattern]:
    one = "site-messages/<int:pk>/"
    return [
        path("site-messages/", inbox, name="inbox"),
        path("site-messages/read/", read_listed, name="inbox_read"),
        re_path(r"^site-messages/list\.(?P<ending>csv|xlsx)\Z", inbox_file, name="inbox_file"),
        path(one, entry_show, name="inbox_entry"),
        path(f"{one}reply/", reply, name="inbox_reply"),
        *(
            path(f"{one}{state}/", mark, {"state": state}, name=f"inbox_mark_{state}")
            for state in ("read", "answered", "new")
        ),
    ]


def inbox_menu_item() -> MenuItem:
    return CountedMenuItem(
        ANSWER,
        gettext_lazy("Входящие"),
        reverse_lazy("inbox"),
        waiting=lambda: counted(new_entries()),
        name="site-messages",
        icon_name=ICON,
    )


def inbox_home_items(request: HttpRequest) -> Iterator[Action]:
    """Offer the inbox on the admin's first page, with the number of new messages."""
    if current_schema() != "public" and request.user.has_perm(ANSWER):
        yield Action(
            title=_("Входящие с сайта"),
            url=reverse("inbox"),
            icon=ICON,
            waiting=counted(new_entries()),
        )


def _list(request: DeskRequest) -> DeskList:
    is_old = Case(When(state=FormEntry.State.NEW, then=Value(0)), default=Value(1))
    rows = FormEntry.objects.annotate(words=Cast("answers", TextField()))
    rows = rows.order_by(is_old, "-submit_time", "-pk")
    filters = [_state(), _form(), _period()]
    return DeskList(request, rows, columns=_COLUMNS, filters=filters, search=_found)


def _found(typed: str) -> Q:
    words = Q(words__icontains=typed) | Q(title__icontains=typed) | Q(email__icontains=typed)
    number = typed.removeprefix("№").strip()
    if number.isdecimal() and len(number) < 18:
        return words | Q(pk=int(number)) | Q(appeal_number=int(number))
    return words


def _state() -> Filter:
    return Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=FormEntry.State.choices,
    )


def _form() -> Filter:
    pages = FormEntry.objects.order_by("page__title").values_list("page", "page__title").distinct()
    return Filter(
        name="form",
        label=gettext_lazy("форма"),
        choices=[(str(pk), title) for pk, title in pages],
        narrow=lambda rows, value: rows.filter(page=int(value)),
    )


def _period() -> Filter:
    def narrow(rows: Rows, value: str) -> Rows:
        day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return rows.filter(submit_time__gte=day - datetime.timedelta(days=int(value) - 1))

    return Filter(
        name="period", label=gettext_lazy("когда"), choices=list(_PERIODS.items()), narrow=narrow
    )


def _file_row(one: FormEntry) -> Row:
    lines = [f"{label}: {value}" for label, value in one.answers]
    said = "\n".join(lines).replace("\r\n", "\n")  # Excel shows the other sign
    return [
        one.pk,
        one.submit_time,
        one.title,
        one.email,
        said,
        str(one.get_state_display()),
        one.read_by,
        one.read_at,
        one.answered_by,
        one.answered_at,
        one.appeal_number,
    ]


def _page(
    request: DeskRequest, entry: FormEntry, form: ReplyForm | None = None, *, is_late: bool = False
) -> HttpResponse:
    replies = list(entry.replies.order_by("pk"))
    sent = Message.objects.in_bulk([one.message for one in replies if one.message])
    for one in replies:
        message = sent.get(one.message)
        one.delivery = message.get_state_display() if message else ""
    context = {
        "entry": entry,
        "replies": replies,
        "form": form or ReplyForm(seen=len(replies)),
        "is_late": is_late,
        "may_serve": request.user.has_perm(SERVE_APPEALS),
        "may_reply": bool(entry.email) and entry.appeal_number is None,
    }
    title = _("Сообщение № %(number)s") % {"number": entry.pk}
    status = 409 if is_late else 200
    return desk_page(
        request, "cms_pages/inbox/entry.html", context, title=title, icon=ICON, status=status
    )
