"""The form field of the captcha; it is the last one of a form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.captcha.base import CaptchaFailed, current_provider
from portal.captcha.passes import Passed, pass_use, passed_now
from portal.limits import CountersDown


class CaptchaWidget(forms.Widget):
    """Hands the provider the whole form's data: an answer may come in several inputs."""

    passed: Passed | None = None

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data, name

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        if self.passed and (token := self.passed.token()):
            self.template_name = "captcha/passed.html"
            shown = {"token": token}
        else:
            provider = current_provider()
            self.template_name = provider.template_name
            shown = provider.context()
        return {**super().get_context(name, None, attrs), **shown}


class CaptchaField(forms.Field):
    """Raises no more than a form's own errors.

    The answer is spent whether or not the rest was right; a form that is shown again because of the
    rest has a pass in the place of the captcha (portal/captcha/passes.py).
    """

    widget = CaptchaWidget
    form_mark = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Я не робот"))
        kwargs.setdefault("template_name", "captcha/field.html")
        super().__init__(**kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        """Note the form's fields before Django cleans: a pass is good for a form of these fields only."""
        self.form_mark = f"{type(form).__qualname__}:{','.join(form.fields)}"
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> None:
        data, name = value
        try:
            self.widget.passed = self._passed(data, name)
        except CaptchaFailed as error:
            raise ValidationError(str(error), code="captcha") from error
        except CountersDown as error:
            raise ValidationError(
                _("Проверка «Я не робот» временно недоступна. Попробуйте через несколько минут."),
                code="counters_down",
            ) from error

    def _passed(self, data: Mapping[str, Any], name: str) -> Passed:
        if token := data.get(f"{name}_pass", ""):
            passed = pass_use(token, data=data, form=self.form_mark)
            if passed is None:
                raise CaptchaFailed(_("Проверка устарела. Пройдите её, пожалуйста, ещё раз."))
            return passed
        current_provider().verify(data=data, name=name)
        return passed_now(data=data, form=self.form_mark)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True
