"""Patches of Wagtail: broken files, long addresses, a picture that nothing shows, who orders the menu."""

from typing import Any

from django.utils.translation import gettext
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.signal_handlers import BatchRedirectCreator
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, SourceImageIOError
from wagtail.models import Page, PagePermissionTester
from wagtail.search import index

from portal.formats.numbers import grouped
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
    # It would store photographs as they are, and no address serves them.
    AvatarSettingsPanel.is_active = lambda self: False


_wagtails_rendition_file = AbstractImage.generate_rendition_file
_wagtails_redirects_prepare = BatchRedirectCreator.pre_process
_wagtails_can_reorder_children = PagePermissionTester.can_reorder_children
_wagtails_can_move_to = PagePermissionTester.can_move_to
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
