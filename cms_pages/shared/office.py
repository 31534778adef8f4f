"""The central office's pages of one text: where it is, sending, taking it off. Base host only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cms_pages.models import SharedItem
from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.forms import SendForm
from cms_pages.shared.sending import shared_retry, shared_send, shared_withdraw
from cms_pages.shared.versions import content_of
from portal.desk.access import desk_view
from portal.desk.pages import desk_page
from tenants.models import SharedDelivery, SharedVersion

REFRESH_SECONDS = 3


def send_address(item_id: UUID) -> str:
    return reverse("shared:send", args=[item_id])


may_send = desk_view("cms_pages.change_shareditem", hidden=False)


@may_send
def send(request: Any, pk: UUID) -> HttpResponse:
    """What has become of the text, and the form that sends it as it is now."""
    item = get_object_or_404(SharedItem, pk=pk)
    form = SendForm(request.POST or None, initial=_initial(item))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            version = shared_send(
                item_id=item.pk,
                companies=form.chosen(),
                publish=data["publish"] == "yes",
                new_companies=data["new_companies"],
                note=data["note"],
                actor=request.user,
            )
        except SharedRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Версия %d отправляется.") % version.number)
            return redirect(send_address(item.pk))
    return _page(request, item, form)


def _page(request: Any, item: SharedItem, form: SendForm) -> HttpResponse:
    deliveries = list(
        SharedDelivery.objects.filter(item=item.pk)
        .select_related("company", "version")
        .prefetch_related("company__domains")
        .order_by("company__name")
    )
    versions = list(SharedVersion.objects.filter(item=item.pk).order_by("-number"))
    context = {
        "object": item,
        "form": form,
        "deliveries": deliveries,
        "versions": versions,
        "has_news": _has_news(item, versions),
        "can_withdraw": any(one.wish != one.Wish.WITHDRAW for one in deliveries),
    }
    moving = [one for one in deliveries if one.state == SharedDelivery.State.WAITING]
    comes_again = request.method == "GET" and any(one.company.status == "active" for one in moving)
    return desk_page(
        request,
        "cms_pages/shared/send.html",
        context,
        title=item.title,
        icon="mail",
        refresh=REFRESH_SECONDS if comes_again else None,
    )


def _has_news(item: SharedItem, versions: list[SharedVersion]) -> bool:
    """Whether the text was changed after it was sent."""
    try:
        return not versions or content_of(item) != versions[0].content
    except SharedRefused:
        return True


def _initial(item: SharedItem) -> dict[str, Any]:
    """As it was sent the last time."""
    had = list(SharedDelivery.objects.filter(item=item.pk).values_list("company_id", "wish"))
    last = SharedVersion.objects.filter(item=item.pk).order_by("-number").first()
    publish = any(wish == SharedDelivery.Wish.PUBLISH for _company, wish in had)
    return {
        "whom": SendForm.SOME if had else SendForm.ALL,
        "companies": [company for company, _wish in had],
        "publish": "yes" if publish else "no",
        "new_companies": last.new_companies if last else "",
    }


@require_POST
@may_send
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """From all companies that have it, or from those that are ticked."""
    item = get_object_or_404(SharedItem, pk=pk)
    ticked = [int(one) for one in request.POST.getlist("company") if one.isdecimal()]
    if not ticked:
        messages.error(request, _("Отметьте в таблице компании, с чьих сайтов снять материал."))
        return redirect(send_address(item.pk))
    try:
        shared_withdraw(item_id=item.pk, company_ids=ticked, actor=request.user)
    except SharedRefused as refused:
        messages.error(request, str(refused))
    else:
        words = ngettext("Снимается с %(n)d сайта.", "Снимается с %(n)d сайтов.", len(ticked))
        messages.success(request, words % {"n": len(ticked)})
    return redirect(send_address(item.pk))


@require_POST
@may_send
def retry(request: Any, pk: UUID, delivery_id: int) -> HttpResponse:
    get_object_or_404(SharedDelivery, pk=delivery_id, item=pk)
    shared_retry(item_id=pk, delivery_id=delivery_id)
    return redirect(send_address(pk))
