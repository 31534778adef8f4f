"""The page «Письма компании»: sender, address for answers, signature, a letter to oneself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.notifications.letters.services import (
    FIELDS,
    TooManyTests,
    letter_test,
    letters_save,
)
from portal.connection import current_schema
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.pages import desk_page
from portal.formats.text_fields import LineField, ParagraphsField
from portal.messaging.letterhead import (
    SIGNATURE_LENGTH,
    TEST,
    Letterhead,
    letterhead,
    sender_address,
)
from portal.messaging.quiet import message_settings
from portal.staff.admin_home_items import Task
from tenants.selectors import company_entered

SET = "messaging.change_messagesettings"
_ICON = "mail"


class LettersForm(forms.Form):
    sender_name = LineField(
        label=gettext_lazy("От чьего имени письма"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Это имя видно в списке писем. Пустое поле — название компании."),
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Куда приходят ответы на письма"),
        required=False,
        help_text=gettext_lazy(
            "Адрес электронной почты, который кто-то читает. На него же приходят сообщения с форм сайта, "
            "у которых нет своего адреса. Без него в письмах сказано, что отвечать не нужно."
        ),
    )
    signature = ParagraphsField(
        label=gettext_lazy("Подпись"),
        max_length=SIGNATURE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Обычный текст до 500 знаков в конце писем. Её нет в письмах с кодами, паролями и "
            "предупреждениями."
        ),
    )

    def clean_sender_name(self) -> str:
        name: str = self.cleaned_data["sender_name"]
        if any(sign in name for sign in "@<>") or "://" in name:
            raise ValidationError(
                _(
                    "В имени отправителя не должно быть адреса: почтовые службы сочтут письмо обманом."
                )
            )
        return name

    def clean_reply_to(self) -> str:
        address: str = self.cleaned_data["reply_to"]
        if address and address.casefold() == sender_address("").addr_spec.casefold():
            raise ValidationError(_("Этот адрес — портала, его никто не читает. Укажите свой."))
        return address


@company_only
@desk_view(SET)
def letters(request: DeskRequest) -> HttpResponse:
    """Edit what all letters have; the button «Посмотреть» shows a letter and saves nothing."""
    if request.method != "POST":
        own = message_settings()
        return _show(request, LettersForm(initial={name: getattr(own, name) for name in FIELDS}))
    form = LettersForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    if "preview" in request.POST:
        return _show(request, form, Letterhead(*(form.cleaned_data[name] for name in _HEAD)))
    if letters_save(actor=request.user, **form.cleaned_data):
        messages.success(request, _("Сохранено. Следующие письма уйдут так."))
    return redirect("letters")


# In the order of Letterhead.
_HEAD = ("sender_name", "reply_to", "signature")


@company_only
@desk_action(SET)
def test_letter(request: DeskRequest) -> HttpResponse:
    """Send a letter to whoever presses the button."""
    if not request.user.email:
        messages.error(
            request, _("У вас не указана электронная почта. Укажите её в своём профиле.")
        )
        return redirect("letters")
    try:
        letter_test(actor=request.user, company_name=company_entered().name)
    except TooManyTests:
        messages.error(request, _("Пробных писем слишком много. Отправьте следующее через час."))
    else:
        sent = _(
            "Пробное письмо отправляем на %(email)s. Проверьте, от кого оно, и ответьте на него."
        )
        messages.success(request, sent % {"email": request.user.email})
    return redirect("letters")


def letters_home_items(request: HttpRequest) -> list[Task]:
    """Ask a company's administrator for the address that answers and messages of the site go to."""
    if current_schema() == "public" or not request.user.has_perm(SET):
        return []
    return [
        Task(
            title=_("Укажите адрес для ответов на письма"),
            hint=_(
                "На него приходят ответы абонентов и сообщения с форм сайта. Пока их не получает никто."
            ),
            url=reverse("letters"),
            done=bool(letterhead().reply_to),
        )
    ]


def _show(request: DeskRequest, form: LettersForm, typed: Letterhead | None = None) -> HttpResponse:
    company, shown = company_entered(), typed or letterhead()
    context: dict[str, Any] = {
        "form": form,
        "is_typed": typed is not None,
        "sender": str(sender_address(shown.sender or company.name)),
        "reply_to": shown.reply_to,
        "mail": render_to_string(
            f"messages/{TEST}.html",
            {"part": "html", "company_name": company.name, "letterhead": shown},
        ),
        "email": request.user.email,
    }
    template = "notifications/letters/letters.html"
    return desk_page(request, template, context, title=_("Письма компании"), icon=_ICON)
