"""What operators type."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.appeals.desk.rights import SERVE
from cabinet.appeals.files import FORMATS, MOST_FILES
from cabinet.appeals.kinds.forms import AppealTextField
from cabinet.appeals.models import Appeal, CannedAnswer
from cms_pages.models import ServiceCentre
from portal.formats.text_fields import FormKeyField
from portal.staff.login.backends import STAFF_BACKEND
from portal.staff.models import StaffUser

_State = Appeal.State


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class AnswerForm(forms.Form):
    """An answer, or a question back. `seen`: the last message that the page has shown."""

    text = AppealTextField(
        label=_("Ответ"),
        help_text=_("Абонент прочитает ответ в личном кабинете, а без кабинета — в письме."),
        error_messages={"required": _("Напишите ответ.")},
    )
    attached = forms.Field(
        label=_("Файлы к ответу"),
        required=False,
        widget=Files(attrs={"multiple": True}),
        help_text=_("До %(most)s файлов, каждый до 10 МБ: %(formats)s.")
        % {"most": MOST_FILES, "formats": FORMATS},
    )
    outcome = forms.ChoiceField(
        label=_("Что с обращением"),
        choices=[
            (_State.ANSWERED, _("Отвечаем: «Ответ дан в личном кабинете»")),
            (_State.DONE, _("Сделали, о чём просил абонент: «Выполнено»")),
            (_State.WAITING, _("Спрашиваем абонента: срок остановится, пока он не ответит")),
        ],
        initial=_State.ANSWERED,
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите, что с обращением.")},
    )
    form_key = FormKeyField()
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, seen: int = 0) -> None:
        super().__init__(data, initial={"form_key": uuid4(), "seen": seen})
        self.fields["text"].widget.attrs.update(rows=8, placeholder="")


class NoteForm(forms.Form):
    text = AppealTextField(
        label=_("Заметка"),
        help_text=_("Увидят только операторы."),
        error_messages={"required": _("Напишите заметку.")},
    )
    form_key = FormKeyField()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"form_key": uuid4()}, prefix="note")
        self.fields["text"].widget.attrs.update(rows=3, placeholder="")


class TransferForm(forms.Form):
    centre: "forms.ModelChoiceField[ServiceCentre]" = forms.ModelChoiceField(
        queryset=None,
        label=_("Кому передать"),
        error_messages={"required": _("Выберите центр обслуживания.")},
    )
    reason = forms.CharField(
        label=_("Почему"),
        help_text=_("Прочитают операторы, которым вы передаёте обращение."),
        max_length=500,
        error_messages={"required": _("Напишите, почему передаёте: другому центру это поможет.")},
    )

    def __init__(self, data: Any = None, *, appeal: Appeal) -> None:
        super().__init__(data, prefix="transfer")
        others = ServiceCentre.objects.exclude(pk=appeal.centre_id or 0)
        self.fields["centre"].queryset = others.order_by("name")  # type: ignore[attr-defined]


class OperatorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return staff_name(obj)


class AssignForm(forms.Form):
    operator = OperatorField(
        queryset=None, label=_("Оператор"), error_messages={"required": _("Выберите оператора.")}
    )

    def __init__(self, data: Any = None, *, appeal: Appeal, own: StaffUser) -> None:
        super().__init__(data, prefix="assign")
        operators = StaffUser.objects.with_perm(
            SERVE, backend=STAFF_BACKEND, include_superusers=False
        )
        others = operators.filter(central_actor="").exclude(
            pk__in=[own.pk, appeal.assigned_to_id or 0]
        )
        self.fields["operator"].queryset = others.order_by("username")  # type: ignore[attr-defined]


def staff_name(user: StaffUser | None) -> str:
    """Return how operators call a colleague; empty for nobody."""
    return user.shown_name if user else ""


def canned_of(appeal: Appeal) -> list[CannedAnswer]:
    """Return the ready answers for the appeal's kind, and those for all."""
    fitting = Q(kind=None) | Q(kind=appeal.kind_id) if appeal.kind_id else Q(kind=None)
    return list(CannedAnswer.objects.filter(fitting))
