"""The operators' queue of applications in the admin: the list, an application beside billing's data."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Case, DateTimeField, F, IntegerField, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.applications.checks import application_differences
from cabinet.accounts.applications.decisions import (
    NotDecided,
    account_asked,
    applicant_of,
    application_approve,
    application_correct,
    application_refuse,
    applications_beside,
    decision_said,
    holds_already,
    was_delegate,
    was_ended,
)
from cabinet.accounts.forms import LetterField
from cabinet.accounts.links.holders import links_shown
from cabinet.accounts.models import Application, PersonalAccount
from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.lists import DeskList, Filter, Rows, columns
from portal.desk.pages import desk_page
from portal.formats.text import account_keys, number_key
from portal.staff.admin_home_items import Action
from tenants.selectors import company_entered

DECIDE = "accounts.decide_application"
_ICON = "doc-full"
_State, _Reason = Application.State, Application.Reason

_COLUMNS = columns(
    gettext_lazy("Заявка"),
    gettext_lazy("Заявитель"),
    gettext_lazy("Лицевой счёт"),
    gettext_lazy("Вид заявки"),
    gettext_lazy("Состояние"),
)
_FILTERS = [
    Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=_State.choices,
    ),
    Filter(
        name="reason",
        label=gettext_lazy("вид заявки"),
        choices=_Reason.choices,
    ),
]


def applications_waiting() -> Rows:
    """Return the applications that wait for an operator, oldest first."""
    return Application.objects.filter(state=_State.WAITING).order_by("created_at", "pk")


def _in_order() -> Rows:
    """Return what waits first, the oldest at the top; then what was decided, the newest at the top."""
    is_waiting = Q(state=_State.WAITING)
    return Application.objects.order_by(
        Case(When(is_waiting, then=0), default=1, output_field=IntegerField()),
        Case(
            When(is_waiting, then=F("created_at")),
            default=Value(None),
            output_field=DateTimeField(),
        ),
        F("decided_at").desc(nulls_last=True),
        "-created_at",
        "pk",
    )


def _found(typed: str) -> Q:
    """Find by the number of an application or account, by an address, a telephone or a name."""
    found = Q(email__icontains=typed) | Q(last_name__icontains=typed)
    if key := number_key(typed):
        found |= Q(number=key) | Q(number_key__in=account_keys(typed)) | Q(corrected_number=typed)
        if key.isdecimal() and len(key) >= 10:
            found |= Q(phone__endswith=key[-10:])
    return found


@desk_view(DECIDE)
def application_list(request: DeskRequest) -> HttpResponse:
    shown = DeskList(
        request, _in_order(), columns=_COLUMNS, filters=_FILTERS, search=_found, per_page=50
    )
    context = {"list": shown, "is_cards": True, "waiting": applications_waiting().count()}
    template = "cabinet/accounts/desk/applications.html"
    return desk_page(request, template, context, title=_("Заявки на лицевые счета"), icon=_ICON)


# What is said most often; whole sentences of a letter.
_PHRASES = [
    gettext_lazy(
        "Номер или дата документа не совпадают с нашими данными. Проверьте их и подайте заявку ещё раз."
    ),
    gettext_lazy(
        "Лицевого счёта с таким номером у нас нет. Сверьте номер с квитанцией и подайте заявку ещё раз."
    ),
    gettext_lazy(
        "Фамилия, имя или отчество не совпадают с данными владельца лицевого счёта. "
        "Если владелец сменился, сначала переоформите счёт."
    ),
    gettext_lazy("Этот лицевой счёт закрыт."),
]


class RefuseForm(forms.Form):
    """A ready sentence, own words, or both: what the applicant reads in the letter."""

    phrase = forms.ChoiceField(
        label=gettext_lazy("Причина"),
        choices=[
            *((str(number), phrase) for number, phrase in enumerate(_PHRASES)),
            ("", gettext_lazy("Другая — напишу ниже")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    words = LetterField(
        label=gettext_lazy("Своими словами"),
        help_text=gettext_lazy("Заявитель прочитает это в письме. Напишите, что ему сделать."),
        max_length=700,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.reason:
            self.add_error(
                "words",
                _("Выберите причину или напишите её: заявителю нужно знать, что исправить."),
            )
        return cleaned

    @property
    def reason(self) -> str:
        """Return the text of the letter."""
        chosen = self.cleaned_data.get("phrase")
        phrase = str(_PHRASES[int(chosen)]) if chosen else ""
        return "\n".join(filter(None, [phrase, self.cleaned_data.get("words", "")]))


class CorrectForm(forms.Form):
    account_number = forms.CharField(
        label=gettext_lazy("Верный номер лицевого счёта"),
        max_length=40,
        error_messages={"required": gettext_lazy("Укажите номер лицевого счёта.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _of_company(pk: UUID) -> Application:
    return get_object_or_404(Application, pk=pk)


@desk_view(DECIDE)
def application_show(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _show(request, _of_company(pk))


@desk_action(DECIDE)
def application_yes(request: DeskRequest, pk: UUID) -> HttpResponse:
    application = _of_company(pk)
    despite = request.POST.get("despite_differences") == "yes"
    try:
        is_given = application_approve(
            application=application, operator=request.user, despite_differences=despite
        )
    except NotDecided as error:
        messages.error(request, str(error))
        return redirect("application", application.pk)
    done = _("Заявка %(number)s одобрена. Заявитель получит письмо.")
    if not is_given:
        done = _("Заявка %(number)s закрыта: этот счёт уже есть в кабинете заявителя.")
    messages.success(request, done % {"number": application.spoken_number})
    return redirect("applications")


@desk_view(DECIDE)
def application_no(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Refuse; an answer without a reason shows the page with what was typed."""
    application = _of_company(pk)
    if request.method != "POST":
        return redirect("application", application.pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _show(request, application, refuse=form)
    try:
        application_refuse(application=application, operator=request.user, reason=form.reason)
    except NotDecided as error:
        messages.error(request, str(error))
        return redirect("application", application.pk)
    done = _("Заявка %(number)s отклонена. Заявитель получит письмо с причиной.")
    messages.success(request, done % {"number": application.spoken_number})
    return redirect("applications")


@desk_view(DECIDE)
def application_number(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Choose the right account by its number."""
    application = _of_company(pk)
    if request.method != "POST":
        return redirect("application", application.pk)
    form = CorrectForm(request.POST)
    if form.is_valid():
        try:
            application_correct(
                application=application,
                operator=request.user,
                number=form.cleaned_data["account_number"],
            )
        except NotDecided as error:
            form.add_error("account_number", str(error))
        else:
            return redirect("application", application.pk)
    return _show(request, application, correct=form)


def _show(
    request: DeskRequest,
    application: Application,
    *,
    refuse: RefuseForm | None = None,
    correct: CorrectForm | None = None,
) -> HttpResponse:
    company = company_entered()
    account = account_asked(application)
    differences = application_differences(application, account)
    context = {
        "application": application,
        "account": account,
        "compared": _compared(application, account, {one.field: one.billed for one in differences}),
        "differences": differences,
        "decided": decision_said(application) if application.decided_at else "",
        "person": applicant_of(application),
        "holds_already": bool(account and holds_already(application, account, company)),
        "was_delegate": bool(account and was_delegate(application, account, company)),
        "was_ended": bool(account and was_ended(application, account)),
        "links": links_shown(company, account.account_number) if account else [],
        "beside": applications_beside(application),
        "refuse_form": refuse or RefuseForm(initial={"phrase": ""}),
        "correct_form": correct or CorrectForm(),
        "is_waiting": application.state == _State.WAITING,
    }
    title = _("Заявка %(number)s") % {"number": application.spoken_number}
    template = "cabinet/accounts/desk/application.html"
    return desk_page(request, template, context, title=title, icon=_ICON)


_COMPARED = ("account_number", "last_name", "first_name", "patronymic", "address")


def _compared(
    application: Application, account: PersonalAccount | None, differing: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the lines of the two columns: what was typed, what billing has, and whether they differ."""
    return [
        {
            "label": application._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
            "applied": getattr(application, name),
            "billed": differing.get(name) or (getattr(account, name) if account else ""),
            "differs": name in differing,
        }
        for name in _COMPARED
    ]


def application_home_items(request: HttpRequest) -> Iterator[Action]:
    if request.user.has_perm(DECIDE):
        yield Action(
            title=_("Заявки на лицевые счета"),
            url=reverse("applications"),
            icon=_ICON,
            waiting=applications_waiting().count(),
        )
