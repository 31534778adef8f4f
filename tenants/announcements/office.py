"""The office's pages on which announcements are written."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.access import DeskRequest, central_only, desk_view
from portal.desk.lists import Column, DeskList, Filter, Rows
from portal.desk.pages import desk_page
from portal.desk.questions import desk_ask
from portal.formats.dates import check_moment
from portal.staff.roles import ROLES
from tenants.announcements.services import (
    AnnouncementOver,
    announcement_end,
    announcement_save,
)
from tenants.models import Announcement, GasCompany

SEE = "tenants.view_announcement"
WRITE = "tenants.change_announcement"
_ICON = "info-circle"
_MINUTES = "%Y-%m-%dT%H:%M"


class _Moment(forms.DateTimeInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"}, format=_MINUTES)


class AnnouncementForm(forms.ModelForm[Announcement]):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Кому"),
        required=False,
        choices=[(group, role.title) for group, role in ROLES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Не\u00a0отмечено ничего\u00a0— всем сотрудникам."),
    )

    class Meta:
        model = Announcement
        fields = ("title", "text", "is_important", "starts_at", "ends_at", "kind", "roles")
        widgets = {
            "starts_at": _Moment,
            "ends_at": _Moment,
            "text": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "starts_at": gettext_lazy("По\u00a0московскому времени."),
            "ends_at": gettext_lazy("После этого объявление исчезнет само."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", _("всем компаниям")), *GasCompany.Kind.choices]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError for an end before the beginning, or one that has passed."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        for name in ("starts_at", "ends_at"):
            try:
                check_moment(cleaned.get(name))
            except ValidationError as error:
                self.add_error(name, error)
        if ends and ends <= timezone.now():
            raise ValidationError({"ends_at": _("Этот час уже прошёл: укажите более поздний.")})
        if starts and ends and ends <= starts:
            raise ValidationError({"ends_at": _("Конец должен быть позже начала.")})
        return cleaned


def _ongoing(rows: Rows, value: str) -> Rows:
    now = timezone.now()
    return rows.filter(ends_at__lte=now) if value == "over" else rows.filter(ends_at__gt=now)


@central_only
@desk_view(SEE, hidden=False)
def announcements(request: DeskRequest) -> HttpResponse:
    """List announcements, the newest first."""
    found = DeskList(
        request,
        Announcement.objects.annotate(readers=Count("reads")).order_by("-starts_at", "-pk"),
        columns=[
            Column(label=_("Объявление")),
            Column(label=_("Состояние")),
            Column(label=_("Кому")),
            Column(label=_("Показывать"), order=("starts_at", "pk")),
            Column(label=_("Прочитали"), order=("readers", "pk"), is_number=True),
        ],
        filters=[
            Filter(
                name="state",
                label=_("состояние"),
                choices=[("now", _("показываются и\u00a0ждут")), ("over", _("закончились"))],
                narrow=_ongoing,
            )
        ],
        search=("title__icontains", "text__icontains"),
    )
    context = {"list": found, "may_write": request.user.has_perm(WRITE)}
    template = "tenants/announcements/list.html"
    return desk_page(request, template, context, title=_("Объявления сотрудникам"), icon=_ICON)


@central_only
@desk_view(WRITE, hidden=False)
def announcement_edit(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Write an announcement; with «Посмотреть» it is shown as staff will see it, and not saved."""
    announcement = get_object_or_404(Announcement, pk=pk) if pk else None
    form = AnnouncementForm(request.POST or None, instance=announcement)
    is_valid = request.method == "POST" and form.is_valid()
    wants_preview = "preview" in request.POST
    if is_valid and not wants_preview:
        announcement_save(announcement=form.save(commit=False), actor=request.user)
        messages.success(request, _("Объявление сохранено."))
        return redirect("announcements")
    context = {
        "form": form,
        "preview": form.instance if is_valid else None,
        "object": announcement,
        "is_shown": announcement is not None and not announcement.is_over,
    }
    template = "tenants/announcements/edit.html"
    title = _("Объявление сотрудникам") if pk else _("Новое объявление сотрудникам")
    return desk_page(request, template, context, title=title, icon=_ICON)


@central_only
@desk_view(WRITE, hidden=False)
def announcement_stop(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask, and end an announcement now."""
    announcement = get_object_or_404(Announcement, pk=pk)
    return desk_ask(
        request,
        lambda _data: announcement_end(announcement_id=pk, actor=request.user),
        title=_("Закончить показ объявления"),
        about=announcement,
        says=[
            _("Объявление сразу исчезнет с\u00a0первых страниц сотрудников."),
            _(
                "Показать его снова можно, если указать новый день, до\u00a0которого его показывать."
            ),
        ],
        danger=_("Больше не\u00a0показывать"),
        done=_("Объявление больше не\u00a0показывается."),
        refused=AnnouncementOver,
        refusal=_("Это объявление уже закончилось.") if announcement.is_over else "",
        back=reverse("announcements"),
    )


def office_urls() -> list[URLPattern]:
    one = "tenants/announcements/<int:pk>/"
    return [
        path("tenants/announcements/", announcements, name="announcements"),
        path("tenants/announcements/add/", announcement_edit, name="announcement_add"),
        path(one, announcement_edit, name="announcement"),
        path(f"{one}end/", announcement_stop, name="announcement_end"),
    ]
