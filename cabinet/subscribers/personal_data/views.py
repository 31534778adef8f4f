"""The pages of a person's own data: the copy and the deletion."""

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cabinet.subscribers.consents.documents import document_of
from cabinet.subscribers.http import SubscriberRequest, post_only, subscriber_required
from cabinet.subscribers.passwords import ConfirmedForm
from cabinet.subscribers.personal_data.deletion import (
    DeletionTooLate,
    deletion_ask,
    deletion_cancel,
    deletion_days,
    deletion_of,
)
from cabinet.subscribers.personal_data.export import (
    ExportTooSoon,
    export_ask,
    export_file,
    export_last,
)
from cabinet.subscribers.personal_data.parts import what_stays
from cabinet.subscribers.sessions import session_end
from portal.formats.dates import long_day
from portal.http.addresses import RequestOrigin


@subscriber_required
def data(request: SubscriberRequest) -> HttpResponse:
    """Order a copy, show its progress, offer it."""
    if request.method == "POST":
        try:
            export_ask(subscriber=request.subscriber, company=request.tenant)
        except ExportTooSoon:
            messages.info(request, _("Копия сделана меньше часа назад. Скачайте её."))
        return redirect("subscribers:data")
    context = {"job": export_last(request.subscriber)}
    return render(request, "cabinet/subscribers/settings/data.html", context)


@subscriber_required
@require_GET
def data_file(request: SubscriberRequest, job_id: UUID) -> HttpResponseBase:
    path = export_file(subscriber=request.subscriber, job_id=job_id)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename="moi-dannye.zip")


@subscriber_required
def deletion(request: SubscriberRequest) -> HttpResponse:
    job = deletion_of(request.subscriber)
    if job:
        template = "cabinet/subscribers/settings/deletion_waiting.html"
        context: dict[str, Any] = {"job": job, "document": document_of("consent", request.tenant)}
        return render(request, template, context)
    form = ConfirmedForm(request.POST or None, subscriber=request.subscriber)
    if request.method == "POST" and form.is_valid():
        asked = deletion_ask(subscriber=request.subscriber, company=request.tenant)
        return _logged_out(request, asked.due_at if asked and asked.due_at else timezone.now())
    context = {
        "form": form,
        "days": deletion_days("asked", request.tenant),
        "stays": what_stays(),
    }
    return render(request, "cabinet/subscribers/settings/deletion.html", context)


@post_only("subscribers:deletion")
@subscriber_required
def deletion_take_back(request: SubscriberRequest) -> HttpResponse:
    try:
        deletion_cancel(
            subscriber=request.subscriber,
            company=request.tenant,
            origin=RequestOrigin.of(request),
        )
    except DeletionTooLate:
        raise Http404 from None
    messages.success(request, _("Удаление отменено, всё осталось, как было."))
    return redirect("subscribers:settings")


def _logged_out(request: SubscriberRequest, due_at: datetime.datetime) -> HttpResponse:
    response = redirect("subscribers:entry")
    session_end(request, response)
    text = _("Личный кабинет будет удалён %(day)s До этого дня удаление можно отменить в кабинете.")
    messages.success(request, text % {"day": long_day(due_at)})
    return response
