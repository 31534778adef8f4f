from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from cabinet.subscribers.consents.documents import USUAL_TITLES, document_of
from cabinet.subscribers.http import CabinetRequest


def document(request: CabinetRequest, kind: str) -> HttpResponse:
    """The usual wording; once the company has published its own, that page."""
    found = document_of(kind, request.tenant) if kind in USUAL_TITLES else None
    if found is None:
        raise Http404
    if found.url != request.path:
        return redirect(found.url)
    return render(request, "cabinet/subscribers/document.html", {"document": found})
