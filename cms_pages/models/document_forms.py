"""What an editor may not do to a legal text."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms_pages.models.page_form import SitePageForm


class LegalDocumentForm(SitePageForm):
    def clean_kind(self) -> str:
        kind = str(self.cleaned_data["kind"])
        model = type(self.instance)
        same = model.objects.filter(kind=kind).exclude(pk=self.instance.pk).first()
        if same and kind in model.ONE_OF_A_KIND:
            raise ValidationError(
                _("Такой документ уже есть — «%(title)s». Добавьте к нему новую редакцию."),
                params={"title": same.title},
            )
        return kind


class LegalVersionForm(SitePageForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._refuse_a_second_of_that_day(cleaned)
        self._refuse_rewriting(cleaned)
        self._refuse_taking_off(cleaned)
        return cleaned

    def _refuse_a_second_of_that_day(self, cleaned: dict[str, Any]) -> None:
        day = cleaned.get("effective_from")
        document = self.parent_page or self.instance.get_parent()
        others = type(self.instance).objects.child_of(document).exclude(pk=self.instance.pk)
        if day and others.filter(effective_from=day).exists():
            self.add_error("effective_from", _("С этого дня уже действует другая редакция."))

    def _refuse_taking_off(self, cleaned: dict[str, Any]) -> None:
        """By the clock: until a day to come, or from a day on."""
        go_live_at = cleaned.get("go_live_at")
        is_put_off = go_live_at and go_live_at > timezone.now() and self.instance.as_agreed()
        refused = {"expire_at": cleaned.get("expire_at"), "go_live_at": is_put_off}
        for name in (name for name, wanted in refused.items() if wanted):
            self.add_error(
                name, _("Редакцию не снимают с сайта: её сменяет следующая редакция документа.")
            )

    def _refuse_rewriting(self, cleaned: dict[str, Any]) -> None:
        agreed = self.instance.as_agreed()
        if agreed is None:
            return
        for name in self.instance.FROZEN:
            if name in cleaned and _plain(cleaned[name]) != _plain(getattr(agreed, name)):
                self.add_error(
                    name,
                    _(
                        "Редакция уже действует: с ней соглашались. Добавьте новую редакцию документа."
                    ),
                )


def _plain(value: Any) -> Any:
    """The editor gives paragraphs new keys each time; they are no part of the text."""
    return re.sub(r' data-block-key="[^"]*"', "", value) if isinstance(value, str) else value
