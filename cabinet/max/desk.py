"""The company's bot in MAX, in the admin's settings."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.max import bots
from cabinet.max.models import MaxChat
from cabinet.max.selectors import company_bot
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.pages import Button, desk_page

SET_UP = "max.change_maxbot"
ICON = "comment"


class TokenForm(forms.Form):
    """The token is only taken, never shown again."""

    token = forms.RegexField(
        r"^[!-~]{10,300}\Z",
        label=gettext_lazy("Токен бота"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Его выдаёт MAX для партнёров: «Чат-боты», ваш бот, «Интеграция». Храните его как пароль."
        ),
        error_messages={
            "required": gettext_lazy("Вставьте токен."),
            "invalid": gettext_lazy("Токен — одна строка латинских букв, цифр и знаков."),
        },
    )


@company_only
@desk_view(SET_UP)
def show(request: DeskRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            connected = bots.bot_connect(token=form.cleaned_data["token"], actor=request.user)
        except bots.BotNotConnected as error:
            form.add_error("token", str(error))
        else:
            return _done(request, connected.name)
    bot = company_bot()
    has_token = bot is not None and bool(bot.token)
    context = {
        "bot": bot if has_token else None,
        "form": form,
        "webhook": bots.webhook_address(),
        "chats": MaxChat.objects.count() if has_token else 0,
        "buttons": [
            Button(
                label=_("Подключить ещё раз"),
                url=reverse("max_bot_reconnect"),
                style="button-secondary",
                post=True,
            ),
            Button(label=_("Отключить бота…"), url=reverse("max_bot_disconnect"), style="no"),
        ],
    }
    return desk_page(request, "max/desk/bot.html", context, title=_("Бот в MAX"), icon=ICON)


@company_only
@desk_action(SET_UP)
def reconnect(request: DeskRequest) -> HttpResponse:
    try:
        bot = bots.bot_reconnect(actor=request.user)
    except bots.BotNotConnected as error:
        messages.error(request, str(error))
        return redirect("max_bot")
    return _done(request, bot.name)


@company_only
@desk_view(SET_UP)
def disconnect(request: DeskRequest) -> HttpResponse:
    """Ask, and by POST forget the bot."""
    bot = company_bot()
    if bot is None or not bot.token:
        return redirect("max_bot")
    if request.method == "POST":
        bots.bot_disconnect(actor=request.user)
        messages.success(request, _("Бот отключён."))
        return redirect("max_bot")
    context = {
        "bot": bot,
        "chats": MaxChat.objects.count(),
        "danger": _("Отключить бота"),
        "back": reverse("max_bot"),
    }
    title = _("Отключить бота MAX")
    return desk_page(request, "max/desk/disconnect.html", context, title=title, icon=ICON)


def _done(request: DeskRequest, name: str) -> HttpResponse:
    messages.success(request, _("Бот «%s» подключён.") % name)
    return redirect("max_bot")
