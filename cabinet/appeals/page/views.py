"""«Создать обращение» (manual 1, 2.2.6.1, figure 34)."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cabinet.accounts.access import access_account
from cabinet.appeals.attachments import file_take
from cabinet.appeals.files import pending_file_delete
from cabinet.appeals.history.steps import awaits_said
from cabinet.appeals.kinds.forms import typed_in
from cabinet.appeals.kinds.selectors import kind_offered
from cabinet.appeals.limits import may_person_save
from cabinet.appeals.models import Appeal
from cabinet.appeals.page.drafts import draft_delete, draft_save
from cabinet.appeals.page.writing import page_sent, page_shown
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


@subscriber_required
def new(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Write to the company: choose a kind, fill in its form, attach files, send."""
    access = access_account(request, link_id)
    page = page_sent(request, access) if request.method == "POST" else page_shown(request, access)
    if isinstance(page, Appeal):
        return redirect("appeals:sent", link_id, page.pk)
    return render(request, "cabinet/appeals/page/new.html", page.context())


@subscriber_required
def sent(request: SubscriberRequest, link_id: UUID, number: int) -> HttpResponse:
    """Show that an appeal has arrived, under which number, and until when it will be answered."""
    access = access_account(request, link_id)
    appeal = get_object_or_404(
        Appeal, pk=number, subscriber_id=request.subscriber.pk, account=access.account
    )
    context = {"access": access, "appeal": appeal, "awaits": awaits_said(appeal)}
    return render(request, "cabinet/appeals/page/sent.html", context)


@subscriber_required
def draft(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Save what a script has sent while the person types; 204 in any case: nobody is disturbed."""
    access = access_account(request, link_id)
    if request.method != "POST":
        return redirect("appeals:new", link_id)
    key, person = _key_or_404(request.POST.get("form_key", "")), request.subscriber.pk
    is_saved = may_person_save(person) and draft_save(
        form_key=key,
        person=person,
        account=access.account,
        kind=kind_offered(request.POST.get("kind", "")),
        typed=typed_in(request.POST),
    )
    return HttpResponse(status=204, headers={"X-Draft": "saved" if is_saved else "none"})


@subscriber_required
def draft_remove(request: SubscriberRequest, link_id: UUID, form_key: UUID) -> HttpResponse:
    """Delete a draft with its files."""
    access_account(request, link_id)
    if request.method == "POST":
        draft_delete(form_key=form_key, person=request.subscriber.pk)
    return redirect("appeals:new", link_id)


@subscriber_required
@require_POST
def file_new(request: SubscriberRequest) -> JsonResponse:
    """Take one file of a form by a script, or remove one; say in words what is wrong with it."""
    key, person = _key_or_404(request.POST.get("form_key", "")), request.subscriber.pk
    if removed := request.POST.get("remove"):
        pending_file_delete(pk=_key_or_404(removed), form_key=key, subscriber_id=person)
        return JsonResponse({})
    if not _may_write(request):
        raise Http404
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return JsonResponse({"error": _("Файл не дошёл. Выберите его ещё раз.")}, status=422)
    try:
        stored = file_take(request, key, person, file)
    except ValidationError as error:
        return JsonResponse({"error": error.messages[0]}, status=422)
    return JsonResponse({"id": str(stored.pk), "name": stored.name, "size": stored.size})


def _may_write(request: SubscriberRequest) -> bool:
    """Tell whether the person holds an account here, or has written before: else files are for nothing."""
    links = request.subscriber.account_links.in_force()
    own = links.filter(company=request.tenant, delegation=None)
    return own.exists() or Appeal.objects.filter(subscriber_id=request.subscriber.pk).exists()


def _key_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
