from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.subscribers.consents.documents import USUAL_TITLES, RenewalForm, document_of
from cabinet.subscribers.consents.services import consents_give, documents_renewed
from cabinet.subscribers.http import (
    CabinetRequest,
    SubscriberRequest,
    next_address,
    subscriber_required,
)
from cms_pages.pages.legal_files import legal_file
from portal.http.addresses import RequestOrigin


def document(request: CabinetRequest, kind: str) -> HttpResponse:
    """Show the usual wording, or redirect to the company's own page."""
    found = document_of(kind, request.tenant) if kind in USUAL_TITLES else None
    if found is None:
        raise Http404
    if found.url != request.path:
        return redirect(found.url)
    return render(request, "cabinet/subscribers/document.html", {"document": found})


def document_pdf(request: CabinetRequest, kind: str) -> HttpResponse:
    """Give the usual wording as a file, or redirect to the file of the company's own."""
    found = document_of(kind, request.tenant) if kind in USUAL_TITLES else None
    if found is None:
        raise Http404
    if found.pdf_url != request.path:
        return redirect(found.pdf_url)
    return legal_file(company=request.tenant, title=found.title, html=found.text)


@subscriber_required
def renewal(request: SubscriberRequest) -> HttpResponse:
    """Ask after a login to agree to new wordings; nothing is closed to a person who does not."""
    documents = documents_renewed(request.subscriber, request.tenant)
    if not documents:
        return HttpResponseRedirect(next_address(request))
    form = RenewalForm(request.POST or None, documents=documents)
    if request.method == "POST" and form.is_valid():
        consents_give(
            subscriber=request.subscriber,
            documents=form.accepted,
            company=request.tenant,
            origin=RequestOrigin.of(request),
        )
        messages.success(request, _("Спасибо, записали."))
        return HttpResponseRedirect(next_address(request))
    context = {"form": form, "next": next_address(request)}
    return render(request, "cabinet/subscribers/consents_renewal.html", context)
