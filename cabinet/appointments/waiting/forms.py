"""Forms of the waiting list: which days suit, and who waits."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.appointments.page.forms import ContactField
from cabinet.subscribers.consents.documents import ConsentField, Document
from portal.captcha.fields import CaptchaField
from portal.formats.fields import DayField
from portal.formats.text_fields import FormKeyField, LineField

# Windows further away open day by day while somebody waits.
LONGEST_WAIT = datetime.timedelta(days=60)


class WishForm(forms.Form):
    """The days that suit. `until`: the day of the booking that an earlier window replaces."""

    form_key = FormKeyField()
    first_day = DayField(required=True, label=gettext_lazy("С какого дня"))
    last_day = DayField(required=True, label=gettext_lazy("По какой день"))

    def __init__(
        self,
        data: Any = None,
        *,
        until: datetime.date | None = None,
        day: datetime.date | None = None,
    ) -> None:
        today = timezone.localdate()
        self.until = until or today + LONGEST_WAIT
        first = day if day and today <= day <= self.until else today
        last = until or min(first + datetime.timedelta(days=14), self.until)
        super().__init__(data, initial={"form_key": uuid4(), "first_day": first, "last_day": last})
        for name in ("first_day", "last_day"):
            self.fields[name].widget.attrs |= {
                "min": today.isoformat(),
                "max": self.until.isoformat(),
            }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if not first or not last:
            return cleaned
        if last < timezone.localdate():
            self.add_error("last_day", _("Этот день уже прошёл."))
        elif last < first:
            self.add_error("last_day", _("Последний день раньше первого."))
        elif first > self.until:
            self.add_error("first_day", _("Так далеко вперёд мы не ждём. Выберите день раньше."))
        cleaned["last_day"] = min(last, self.until)
        return cleaned


class NamedWishForm(WishForm):
    """The same of who is logged in: contacts are known, only the name is asked for."""

    contact_name = LineField(
        label=gettext_lazy("Как к вам обращаться"),
        max_length=150,
        autocomplete="name",
        required_text=gettext_lazy("Укажите имя: по нему вас найдёт оператор."),
    )


class GuestWishForm(NamedWishForm):
    """The same of who is not known: his name, one contact, consent and captcha."""

    def __init__(self, *args: Any, consent: Document | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"] = ContactField(
            help_text=_("Сюда придёт код, а потом сообщение о свободном времени.")
        )
        if consent:
            self.fields["consent"] = ConsentField(
                consent, required=_("Отметьте согласие: без него мы не вправе вас записать.")
            )
        self.fields["captcha"] = CaptchaField()
