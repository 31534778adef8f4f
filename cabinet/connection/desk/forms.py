"""What operators enter about an application. The prefix of each form is the name of its action."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.connection.desk.papers import FilesField
from cabinet.connection.lifecycle.by_staff import STEPS, AskedPaper
from cabinet.connection.lifecycle.states import ALLOWED, WAY, State
from cabinet.connection.lifecycle.terms import categories_said
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, PaperType
from portal.formats.fields import DayField
from portal.formats.text_fields import FormKeyField, LineField, ParagraphsField

_READS_IT = gettext_lazy("Заявитель прочитает это на странице заявки и в сообщении.")


class HappenedField(DayField):
    """A day that has come; with `ahead`, one that has not passed."""

    def __init__(self, *, ahead: bool = False, **kwargs: Any) -> None:
        super().__init__(**{"required": not ahead, **kwargs})
        self.ahead = ahead

    def validate(self, value: Any) -> None:
        super().validate(value)
        today = timezone.localdate()
        if value and self.ahead and value < today:
            raise ValidationError(_("Этот день уже прошёл."), code="past")
        if value and not self.ahead and value > today:
            raise ValidationError(_("Этот день ещё не наступил."), code="future")


class ActionForm(forms.Form):
    """The form of an action on one application; `action` is its name in addresses and templates."""

    action = ""

    def __init__(self, data: Any = None, files: Any = None, *, application: ConnectionApplication):
        self.application = application
        super().__init__(data, files, prefix=self.action, initial={"day": timezone.localdate()})

    def full_clean(self) -> None:
        """Let the browser go to what is wrong: the page is long, and the form far down."""
        super().full_clean()
        for name in list(self.errors)[:1]:
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True

    def _not_before(self, name: str, first: datetime.date | None, said: str) -> None:
        """Refuse a day before one that is known."""
        day = self.cleaned_data.get(name)
        if day and first and day < first:
            self.add_error(name, said)

    def _sent_on(self) -> datetime.date | None:
        sent = self.application.submitted_at
        return timezone.localdate(sent) if sent else None


class RegisterForm(ActionForm):
    action = "register"
    recipient_number = LineField(
        label=gettext_lazy("Номер у получателя"),
        max_length=60,
        required_text=gettext_lazy("Укажите номер, под которым получатель зарегистрировал заявку."),
    )
    day = HappenedField(
        label=gettext_lazy("День регистрации"),
        help_text=gettext_lazy("С этого дня идут сроки по закону."),
    )
    category = forms.TypedChoiceField(
        label=gettext_lazy("Категория заявителя"),
        choices=[
            ("", gettext_lazy("не названа")),
            ("1", gettext_lazy("первая")),
            ("2", gettext_lazy("вторая")),
            ("3", gettext_lazy("третья")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Её называет получатель, от неё зависит срок работ."),
    )
    text = ParagraphsField(
        label=gettext_lazy("Пояснение"),
        max_length=1000,
        required=False,
        help_text=_READS_IT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        field.help_text = f"{field.help_text} {categories_said(timezone.localdate())}".strip()

    def clean(self) -> dict[str, Any]:
        self._not_before("day", self._sent_on(), _("Заявку отправили позже этого дня."))
        return self.cleaned_data


class AskForm(ActionForm):
    """Papers of the checklist or others; one text for all of them."""

    action = "ask"
    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Каких документов не хватает"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    other = LineField(
        label=gettext_lazy("Другой документ"),
        max_length=200,
        required=False,
    )
    text = ParagraphsField(
        label=gettext_lazy("Что исправить или приложить"),
        max_length=1000,
        required=False,
        help_text=_READS_IT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].choices = [  # type: ignore[attr-defined]
            (name, name) for name in dict.fromkeys(PaperType.objects.values_list("name", flat=True))
        ]

    def clean(self) -> dict[str, Any]:
        """Add `asked`: what is asked for, each paper once, with the text of them all."""
        data = self.cleaned_data
        names = [*data.get("papers", []), *filter(None, [data.get("other")])]
        if not self.errors and not names:
            self.add_error("papers", _("Отметьте документ или назовите другой."))
        data["asked"] = [AskedPaper(name, data.get("text", "")) for name in dict.fromkeys(names)]
        return data


class AdvanceForm(ActionForm):
    """The next step of the way, with what the recipient has given for the applicant."""

    action = "advance"
    state = forms.ChoiceField(
        label=gettext_lazy("Что произошло"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Выберите, что произошло.")},
    )
    day = HappenedField(label=gettext_lazy("Когда"))
    due_on = HappenedField(
        label=gettext_lazy("Срок следующего шага"),
        ahead=True,
        help_text=gettext_lazy("Если он назван в договоре. Иначе посчитаем по закону."),
    )
    text = ParagraphsField(
        label=gettext_lazy("Пояснение"),
        max_length=2000,
        required=False,
        help_text=_READS_IT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    attached = FilesField(label=gettext_lazy("Файлы для заявителя"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = steps_of(self.application)
        self.fields["state"].choices = [(one, State(one).label) for one in steps]  # type: ignore[attr-defined]
        if len(steps) == 1:
            self.initial["state"] = steps[0]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        self._not_before("day", self.application.registered_on, _("Заявку зарегистрировали позже."))
        papers = self.application.papers
        has_contract = papers.filter(kind=ConnectionPaper.Kind.CONTRACT).exists()
        is_missing = not (data.get("attached") or has_contract or "attached" in self.errors)
        if data.get("state") == State.OFFERED and is_missing:
            said = _("Приложите договор: заявитель скачает его на своей странице.")
            self.add_error("attached", said)
        return data


class RefuseForm(ActionForm):
    action = "refuse"
    reason = ParagraphsField(
        label=gettext_lazy("Почему отказано"),
        max_length=2000,
        help_text=gettext_lazy("Словами получателя. Напишите и то, что заявителю делать дальше."),
        error_messages={"required": gettext_lazy("Напишите причину: заявитель её прочитает.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    day = HappenedField(label=gettext_lazy("Когда"))


class WithdrawForm(ActionForm):
    action = "withdraw"
    reason = ParagraphsField(
        label=gettext_lazy("Как заявитель об этом попросил"),
        max_length=500,
        help_text=gettext_lazy("Например: позвонил с телефона, который указан в заявке."),
        error_messages={"required": gettext_lazy("Напишите, как заявитель об этом попросил.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CorrectForm(ActionForm):
    """A mistake of an operator: what is entered here replaces what was."""

    action = "correct"
    state = forms.ChoiceField(
        label=gettext_lazy("Состояние"), choices=[(one, State(one).label) for one in WAY]
    )
    recipient_number = LineField(
        label=gettext_lazy("Номер у получателя"), max_length=60, required=False
    )
    registered_on = HappenedField(label=gettext_lazy("День регистрации"), required=False)
    reason = ParagraphsField(
        label=gettext_lazy("Что исправлено и почему"),
        max_length=500,
        help_text=_READS_IT,
        error_messages={"required": gettext_lazy("Напишите, что исправлено и почему.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.application
        self.initial.update(
            state=now.state if now.state in WAY else State.SUBMITTED,
            recipient_number=now.recipient_number,
            registered_on=now.registered_on,
        )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first = self._sent_on()
        self._not_before("registered_on", first, _("Заявку отправили позже этого дня."))
        if data.get("state") in WAY[WAY.index(State.REGISTERED) :] and not self.errors:
            for name, said in (
                ("recipient_number", _("Укажите номер у получателя.")),
                ("registered_on", _("Укажите день регистрации.")),
            ):
                if not data.get(name):
                    self.add_error(name, said)
        return data


class FilesForm(ActionForm):
    action = "files"
    kind = forms.ChoiceField(
        label=gettext_lazy("Что это"),
        choices=[
            (ConnectionPaper.Kind.CONTRACT, gettext_lazy("договор")),
            (ConnectionPaper.Kind.OTHER, gettext_lazy("другой документ для заявителя")),
        ],
    )
    title = LineField(
        label=gettext_lazy("Название"),
        max_length=200,
        required_text=gettext_lazy("Назовите документ: заявитель увидит название."),
    )
    attached = FilesField()


class NoteForm(ActionForm):
    action = "note"
    text = ParagraphsField(
        label=gettext_lazy("Заметка"),
        max_length=2000,
        help_text=gettext_lazy("Увидят только операторы."),
        error_messages={"required": gettext_lazy("Напишите заметку.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    form_key = FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["form_key"] = uuid4()


def steps_of(application: ConnectionApplication) -> list[str]:
    """Return where `application_advance` may lead from here, in order."""
    return [str(one) for one in STEPS if one in ALLOWED[application.state]]
