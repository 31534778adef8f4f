import datetime

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.exchange.models import Scope


class UploadForm(forms.Form):
    package = forms.FileField(
        label=_("Пакет"),
        help_text=_("Zip-архив с manifest.json, как его выгружает биллинг."),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={
            "required": _("Выберите файл пакета."),
            "empty": _("Файл пуст. Выберите другой."),
            "missing": _("Выберите файл пакета."),
        },
    )
    rejects = forms.BooleanField(
        label=_("Загрузить годные строки, если в других есть ошибки"),
        help_text=_(
            "Строки с ошибками портал отложит в файл. Без этой отметки одна ошибка отклоняет весь пакет."
        ),
        required=False,
    )

    def clean_package(self) -> object:
        package = self.cleaned_data["package"]
        if package.size > settings.EXCHANGE_MAX_BYTES:
            megabytes = settings.EXCHANGE_MAX_BYTES // 1024**2
            raise forms.ValidationError(
                _("Файл больше %(limit)s МБ. Разделите выгрузку на несколько пакетов."),
                params={"limit": megabytes},
            )
        return package


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Название"),
        help_text=_("Чей это ключ: программа и где она стоит. Например, «1С:Расчёты, сервер»."),
        max_length=100,
        error_messages={"required": _("Назовите ключ: по названию его потом узнают.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("Что можно с этим ключом"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Отметьте хотя бы одно право.")},
    )
    expires_on = forms.DateField(
        label=_("Последний день"),
        help_text=_("Необязательно. Без даты ключ действует, пока его не отзовут."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_expires_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("Этот день уже прошёл."))
        return day

    @property
    def expires_at(self) -> datetime.datetime | None:
        """Return the end of the last day in the company's time; None for a key without an end."""
        day = self.cleaned_data["expires_on"]
        if day is None or day == datetime.date.max:
            return None
        midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
        return timezone.make_aware(midnight)
