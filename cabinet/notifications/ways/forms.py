from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from cabinet.notifications.kinds import KINDS


class WaysForm(forms.Form):
    """«Как сообщать»: for each kind the channels that this person has, to tick."""

    def __init__(
        self, *args: Any, channels: Mapping[str, Iterable[tuple[str, str]]], **kwargs: Any
    ) -> None:
        """Make a field a kind; `channels`: value and label of those that are offered for it."""
        super().__init__(*args, **kwargs)
        for kind, offered in channels.items():
            self.fields[kind] = forms.MultipleChoiceField(
                label=str(KINDS[kind].title),
                help_text=str(KINDS[kind].hint),
                choices=list(offered),
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def chosen(self) -> dict[tuple[str, str], bool]:
        """Return whether it is on, for each kind and channel that was offered."""
        return {
            (kind, str(channel)): channel in self.cleaned_data[kind]
            for kind, field in self.fields.items()
            for channel, _ in field.choices  # type: ignore[attr-defined]
        }
