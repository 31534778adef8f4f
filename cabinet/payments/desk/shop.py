"""«Приём платежей» in the admin's settings: the company's shop, its check, and what the company decides."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.bills.selectors import payee_of_company
from cabinet.payments import shops
from cabinet.payments.actions import METHOD_NAMES
from cabinet.payments.desk.shop_forms import CredentialsForm, ShopForm
from cabinet.payments.models import Shop
from cabinet.payments.registry import shop_of_company
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.pages import Button, desk_act, desk_page
from portal.desk.questions import desk_ask
from tenants.selectors import company_entered

SET_UP = "payments.change_shop"
ICON = "form"
PAGE = "payment_shop"


@company_only
@desk_view(SET_UP)
def show(request: DeskRequest) -> HttpResponse:
    """Show the shop, and by POST keep the settings."""
    shop = shop_of_company() or Shop()
    form = ShopForm(request.POST or None, instance=shop)
    if request.method == "POST" and form.is_valid():
        shops.shop_change(values=form.cleaned_data, actor=request.user)
        messages.success(request, _("Настройки сохранены."))
        return redirect(PAGE)
    if form.is_bound:
        messages.error(request, _("Настройки не сохранены. Исправьте отмеченные поля."))
    return _page(request, settings_form=form)


@company_only
@desk_action(SET_UP)
def connect(request: DeskRequest) -> HttpResponse:
    """Take other credentials, if the provider says that they are this company's."""
    form = CredentialsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Ключ не сохранён. Исправьте отмеченные поля."))
        return _page(request, credentials_form=form)
    try:
        shop = shops.shop_connect(**form.cleaned_data, actor=request.user)
    except shops.ShopNotReady as error:
        form.add_error(error.field or None, str(error))
        messages.error(request, _("Ключ не сохранён. %s") % error)
        return _page(request, credentials_form=form)
    messages.success(request, _("Магазин № %s проверен, ключ сохранён.") % shop.shop_id)
    return redirect(PAGE)


@company_only
@desk_action(SET_UP)
def check(request: DeskRequest) -> HttpResponse:
    return desk_act(
        request,
        lambda: shops.shop_check(actor=request.user),
        done=_("Проверили: с магазином всё в порядке."),
        back=reverse(PAGE),
        refused=shops.ShopNotReady,
    )


@company_only
@desk_action(SET_UP)
def switch_on(request: DeskRequest) -> HttpResponse:
    return desk_act(
        request,
        lambda: shops.shop_switch_on(actor=request.user),
        done=_("Приём платежей включён."),
        back=reverse(PAGE),
        refused=shops.ShopNotReady,
    )


@company_only
@desk_view(SET_UP)
def switch_off(request: DeskRequest) -> HttpResponse:
    return desk_ask(
        request,
        lambda _data: shops.shop_switch_off(actor=request.user),
        title=_("Выключить приём платежей"),
        about="",
        says=[
            _("Абоненты не\u00a0смогут платить на\u00a0портале, автоплатежи остановятся."),
            _(
                "Начатые платежи дойдут до\u00a0конца. Включить приём снова можно в\u00a0любой момент."
            ),
        ],
        danger=_("Выключить"),
        done=_("Приём платежей выключен. Начатые платежи дойдут до конца."),
        back=reverse(PAGE),
    )


def _page(
    request: DeskRequest,
    *,
    credentials_form: CredentialsForm | None = None,
    settings_form: ShopForm | None = None,
) -> HttpResponse:
    shop = shop_of_company() or Shop()
    payee = payee_of_company()
    checked = shop.checked
    context = {
        "shop": shop,
        "methods": [METHOD_NAMES.get(one, one) for one in checked.get("methods", [])],
        "warnings": shops.shop_warnings(shop),
        "payee": payee,
        "inn_differs": bool(checked) and (payee is None or payee.inn != checked.get("inn")),
        "webhook": company_entered().url + reverse("payments:webhook"),
        "credentials_form": credentials_form or CredentialsForm(initial={"shop_id": shop.shop_id}),
        "settings_form": settings_form or ShopForm(instance=shop),
        "buttons": _buttons(shop),
    }
    return desk_page(
        request, "payments/desk/shop.html", context, title=_("Приём платежей"), icon=ICON
    )


def _buttons(shop: Shop) -> list[Button]:
    if not shop.shop_id:
        return []
    checks = Button(
        label=_("Проверить"),
        url=reverse("payment_shop_check"),
        style="button-secondary",
        post=True,
    )
    if shop.is_on:
        off = reverse("payment_shop_off")
        return [checks, Button(label=_("Выключить приём платежей…"), url=off, style="no")]
    on = reverse("payment_shop_on")
    return [checks, Button(label=_("Включить приём платежей"), url=on, post=True)]
