"""Hold drafts of legal texts that nobody has read back from being published with other pages at once."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms_pages.first_pages.legal import text_lacks
from cms_pages.pages.documents import LegalVersionPage


def unread_hold(
    request: HttpRequest, action: str, pages: Sequence[Any], view: object
) -> HttpResponse | None:
    """Refuse to publish such drafts from a list of pages, with what is below it too (a hook)."""
    if action != "publish" or request.method != "POST":
        return None
    for page in (one for one in pages if isinstance(one, Page)):
        for version in LegalVersionPage.objects.descendant_of(page, inclusive=True).not_live():
            if text_lacks(version.get_latest_revision_as_object().text):
                messages.error(request, _unread(version.title))
                return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


def _unread(title: str) -> str:
    return (
        _(
            "«%s» пока нельзя опубликовать: откройте черновик, проверьте текст и уберите из него пометки."
        )
        % title
    )
