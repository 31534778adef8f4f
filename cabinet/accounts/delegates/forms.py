"""Forms of delegates: an invitation, and its acceptance."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.delegates.services import LONGEST
from cabinet.subscribers.consents.documents import ConsentField, Document
from cabinet.subscribers.contact_forms import ContactForm
from cabinet.subscribers.models import Delegation, Subscriber
from portal.formats.dates import short_day


class InviteForm(ContactForm):
    """Whom to let in, to do what, and until which day."""

    right = forms.ChoiceField(
        label=gettext_lazy("Что можно"),
        choices=[
            (Delegation.Right.READ, gettext_lazy("Только смотреть")),
            (Delegation.Right.SEND, gettext_lazy("Смотреть и передавать показания")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Выберите, что будет можно доверенному лицу."),
        },
    )
    ends_on = forms.DateField(
        label=gettext_lazy("По какой день"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Укажите последний день доступа."),
            "invalid": gettext_lazy("Укажите день, например 31.12.2027."),
        },
    )

    def __init__(self, *args: Any, subscriber: Subscriber, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subscriber = subscriber
        today = timezone.localdate()
        self.first, self.last = today + datetime.timedelta(days=1), today + LONGEST
        self.fields["email"].label = _("Адрес электронной почты доверенного лица")
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].label = _("Номер телефона доверенного лица")
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
        day = self.fields["ends_on"]
        day.initial = self.last
        day.help_text = _("Не позже %(day)s. Закрыть доступ можно и раньше, в любой день.") % {
            "day": short_day(self.last)
        }
        limits = {"min": self.first.isoformat(), "max": self.last.isoformat()}
        day.widget.attrs.update(limits)

    def clean_ends_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["ends_on"]
        if not self.first <= day <= self.last:
            days = {"first": short_day(self.first), "last": short_day(self.last)}
            raise ValidationError(_("Укажите день с %(first)s по %(last)s.") % days)
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        contact = self.contact
        if contact and getattr(self.subscriber, contact.kind) == contact.value:
            own = {
                "email": _(
                    "Это ваш адрес электронной почты. Укажите адрес того, кого приглашаете."
                ),
                "phone": _("Это ваш номер. Укажите номер того, кого приглашаете."),
            }
            self.add_error(contact.kind, own[contact.kind])
        return cleaned


class AcceptForm(forms.Form):
    """The company's consent, where the person has not given it yet."""

    def __init__(self, *args: Any, document: Document | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if document:
            text = _("Без согласия мы не можем открыть вам лицевой счёт.")
            self.fields["consent"] = ConsentField(document, required=text)

    @property
    def consent(self) -> Document | None:
        return self.cleaned_data.get("consent")
