"""The captcha as a form sees it: one field, last in the form, always empty again."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.captcha.base import CaptchaFailed
from portal.captcha.registry import current_provider
from portal.limits import CountersDown


class CaptchaWidget(forms.Widget):
    """Hands the provider the whole form's data: an answer may come in several inputs."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data, name

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        provider = current_provider()
        self.template_name = provider.template_name
        return {**super().get_context(name, None, attrs), **provider.context()}


class CaptchaField(forms.Field):
    """Raises no more than a form's own errors; the answer is spent whether or not the rest was right."""

    widget = CaptchaWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Я не робот"))
        kwargs.setdefault("template_name", "captcha/field.html")
        super().__init__(**kwargs)

    def clean(self, value: Any) -> None:
        data, name = value
        try:
            current_provider().verify(data=data, name=name)
        except CaptchaFailed as error:
            raise ValidationError(str(error), code="captcha") from error
        except CountersDown as error:
            raise ValidationError(
                _("Проверка «Я не робот» временно недоступна. Попробуйте через несколько минут."),
                code="counters_down",
            ) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True
