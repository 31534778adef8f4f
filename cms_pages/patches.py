"""Patches of Wagtail: broken files, long addresses, who orders the menu, letters and words of a review."""

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin import mail
from wagtail.admin.forms.collections import CollectionForm
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.contrib.redirects.forms import RedirectForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.signal_handlers import BatchRedirectCreator
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, SourceImageIOError
from wagtail.models import Page, PagePermissionTester, Site
from wagtail.search import index

from cms_pages.review.decisions import decision_said
from portal.formats.numbers import grouped
from portal.messaging.letterhead import letterhead, sender_address
from portal.uploads.pictures import DAMAGED


def install() -> None:
    """Put the functions below around Wagtail's own. Called once, in `AppConfig.ready`."""
    for model in (get_image_model(), get_document_model()):
        # A search below a tag that was chosen is an error without it.
        (tags,) = (one for one in model.search_fields if getattr(one, "field_name", "") == "tags")
        tags.fields.append(index.FilterField("name"))
    AbstractImage.generate_rendition_file = _rendition_file
    BatchRedirectCreator.pre_process = _redirects_prepare
    PagePermissionTester.can_reorder_children = _can_reorder_children
    PagePermissionTester.can_move_to = _can_move_to
    WagtailPaginator.items_count_label = property(_items_count_label)
    EditView.add_save_confirmation_message = _say_saved
    RedirectForm.clean = _redirect_clean
    mail.send_mail = _send_mail
    # A new folder lies in the common one unless somebody chooses another.
    parent = CollectionForm.base_fields["parent"]
    parent.empty_label, parent.label = None, gettext_lazy("В какой папке")
    parent.help_text = ""
    # It would store photographs as they are, and no address serves them.
    AvatarSettingsPanel.is_active = lambda self: False


_wagtails_rendition_file = AbstractImage.generate_rendition_file
_wagtails_redirects_prepare = BatchRedirectCreator.pre_process
_wagtails_can_reorder_children = PagePermissionTester.can_reorder_children
_wagtails_can_move_to = PagePermissionTester.can_move_to
_wagtails_say_saved = EditView.add_save_confirmation_message
_wagtails_redirect_clean = RedirectForm.clean
_wagtails_send_mail = mail.send_mail
_PATH_LENGTH = Redirect._meta.get_field("old_path").max_length


def _rendition_file(self: AbstractImage, *args: Any, **kwargs: Any) -> Any:
    """Report a file that broke on the disk as one that is missing: then the page opens without it."""
    try:
        return _wagtails_rendition_file(self, *args, **kwargs)
    except SourceImageIOError:
        raise
    except DAMAGED as error:
        raise SourceImageIOError(str(error)) from error


def _items_count_label(self: WagtailPaginator) -> str:
    """Count without a noun, which Wagtail does not bend: «10 страницы»."""
    return gettext("Всего: %(count)s") % {"count": grouped(self.count)}


def _can_reorder_children(self: PagePermissionTester) -> bool:
    """Let editors set the order of the menu, below the home page: it says nothing for a moderator to read.

    Here, because Wagtail asks a plain page, which does not know its own permissions.
    """
    return bool(_wagtails_can_reorder_children(self)) or (self.page.depth == 2 and self.can_edit())


def _can_move_to(self: PagePermissionTester, destination: Page) -> bool:
    """Let who sets an order move a page among its siblings, which Wagtail counts as publishing it there."""
    if bool(_wagtails_can_move_to(self, destination)):
        return True
    stays = self.page.depth == destination.depth + 1 and self.page.is_child_of(destination)
    return bool(stays and destination.permissions_for_user(self.user).can_reorder_children())


def _redirects_prepare(self: BatchRedirectCreator) -> None:
    """Leave out old addresses that are too long for their column, instead of failing to save the page.

    With nothing left, Wagtail's own would delete all redirects that were made so far.
    """
    self.items = [one for one in self.items if len(one.old_path) <= _PATH_LENGTH]
    if self.items:
        _wagtails_redirects_prepare(self)


def _say_saved(self: EditView) -> None:
    """Show what a moderator has decided, in place of Wagtail's words that the page was saved."""
    if self.action_name != "perform_workflow_action":
        _wagtails_say_saved(self)
        return
    title = self.page.get_admin_display_title()
    messages.success(self.request, decision_said(self.page, self.workflow_action, title))


def _redirect_clean(self: RedirectForm) -> None:
    """Refuse a redirect that leads nowhere, and one from an address where a page is."""
    _wagtails_redirect_clean(self)
    data = self.cleaned_data
    broken = {"redirect_page", "redirect_link"} & set(self.errors)
    if not broken and not data.get("redirect_page") and not data.get("redirect_link"):
        self.add_error("redirect_page", gettext("Выберите страницу или укажите другой адрес ниже."))
    site = data.get("site") or Site.objects.filter(is_default_site=True).first()
    path = Redirect.normalise_path(data.get("old_path") or "")
    if site and path:
        taken = site.root_page.url_path.rstrip("/") + path + "/"
        if Page.objects.live().filter(url_path=taken).exists():
            said = gettext("По этому адресу есть страница. Сначала снимите её с публикации.")
            self.add_error("old_path", said)


def _send_mail(*args: Any, from_email: str | None = None, **kwargs: Any) -> Any:
    """Send Wagtail's letters of a review under the company's name, as all others."""
    sender = from_email or str(sender_address(letterhead().sender))
    return _wagtails_send_mail(*args, from_email=sender, **kwargs)
