"""What would make a service that nobody takes, or a desk that takes nobody: said to whoever sets it up."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from cabinet.appointments.models import AppointmentService, Desk
from portal.formats.text import clean_text, fold

_STEP_MINUTES = 5


class ServiceForm(WagtailAdminModelForm):
    """The form of a service: its name is unique whatever the case, its length stands on the clock's face."""

    def clean_name(self) -> str:
        name = clean_text(self.cleaned_data["name"])
        others = AppointmentService.objects.exclude(pk=self.instance.pk)
        if fold(name) in {fold(one) for one in others.values_list("name", flat=True)}:
            self.add_error("name", _("Услуга с таким названием уже есть."))
        return name

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        if minutes % _STEP_MINUTES:
            self.add_error(
                "minutes", _("Укажите число, которое делится на пять: 10, 15, 20, 30 минут.")
            )
        return minutes


class DeskForm(WagtailAdminModelForm):
    """The form of a desk: its services have to be offered in its centre."""

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        centre, name = cleaned.get("centre"), cleaned.get("name")
        if centre is None:
            return cleaned
        others = Desk.objects.filter(centre=centre).exclude(pk=self.instance.pk)
        if name and fold(name) in {fold(one) for one in others.values_list("name", flat=True)}:
            self.add_error("name", _("В этом центре уже есть окно с таким названием."))
        for service in cleaned.get("services") or ():
            places = {one.pk for one in service.centres.all()}
            if places and centre.pk not in places:
                said = _("Услугу «%(service)s» в этом центре не оказывают: отметьте его в услуге.")
                self.add_error("services", said % {"service": service.name})
        return cleaned


class AbsenceForm(WagtailAdminModelForm):
    """The form of an absence: desks are listed with their centres, for each centre has an «Окно 1»."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = Desk.objects.select_related("centre").order_by("centre__name", "order", "name")
        field = self.fields["desk"]
        field.queryset = desks
        field.label_from_instance = lambda desk: f"{desk.centre}, {desk}"
