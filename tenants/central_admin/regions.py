"""The choice of regions: all 89, by the alphabet, with a search that needs no script."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.formats.text import fold
from tenants.models import Region

# The name of the search's button, and of its field.
FIND, WANTED = "find_region", "region_wanted"


class RegionsWidget(forms.CheckboxSelectMultiple):
    """Ticks in columns under a search; those that are set stand first."""

    template_name = "tenants/central_admin/regions.html"
    wanted = ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        options = [
            option for _group, some, _index in context["widget"]["optgroups"] for option in some
        ]
        words = fold(self.wanted).split()
        chosen = [one for one in options if one["selected"]]
        found = [one for one in options if all(word in fold(str(one["label"])) for word in words)]
        context["regions"] = {
            "chosen": chosen,
            "found": [one for one in found if not one["selected"]],
            "wanted": self.wanted,
            "wanted_name": WANTED,
            "find_name": FIND,
        }
        return context


class RegionsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Region.objects.all(),
            to_field_name="code",
            label=_("Регионы"),
            widget=RegionsWidget,
            error_messages={"required": _("Отметьте хотя бы один регион.")},
            **kwargs,
        )


def typed_while_searching(
    form_class: type[forms.Form], data: QueryDict, **kwargs: Any
) -> forms.Form:
    """Return the form as it was typed, unchecked, with the regions that the search finds."""
    initial = {
        name: data.getlist(name) if isinstance(field, RegionsField) else data.get(name, "")
        for name, field in form_class.base_fields.items()
    }
    form = form_class(initial=initial, **kwargs)
    widget = form.fields["regions"].widget
    assert isinstance(widget, RegionsWidget)  # noqa: S101 — of RegionsField
    widget.wanted = data.get(WANTED, "")[:100]
    return form
