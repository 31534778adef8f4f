"""Keys of the billing system, made and revoked by the company's administrator."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cabinet.exchange.desk.access import KEYS, page
from cabinet.exchange.desk.forms import KeyForm
from cabinet.exchange.keys import key_create, key_revoke
from cabinet.exchange.models import ExchangeKey
from portal.desk.access import DeskRequest, desk_action, desk_view


@desk_view(KEYS)
def key_list(request: DeskRequest) -> HttpResponse:
    keys = ExchangeKey.objects.order_by("revoked_at", "-pk")
    context = {"keys": sorted(keys, key=lambda key: not key.is_good), "tab": "keys"}
    return page(request, "keys", _("Обмен с биллингом"), context)


@never_cache
@desk_view(KEYS)
def key_add(request: DeskRequest) -> HttpResponse:
    """The form; then the key itself, on a page that nothing keeps."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = key_create(
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            actor=request.user,
            expires_at=form.expires_at,
        )
        api = request.build_absolute_uri(reverse("exchange_api_page"))
        return page(request, "key_made", _("Новый ключ"), {"made": made, "api": api})
    return page(request, "key_add", _("Новый ключ"), {"form": form})


@desk_action(KEYS)
def key_end(request: DeskRequest, pk: int) -> HttpResponse:
    try:
        key = key_revoke(key_id=pk, actor=request.user)
    except ExchangeKey.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Ключ «%s» отозван: с ним портал больше не отвечает.") % key)
    return redirect("exchange_keys")
