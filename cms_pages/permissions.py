"""What nobody may do: to the site's front page, and to a legal text that people have agreed to."""

from django.utils import timezone
from wagtail.models import Page, PagePermissionTester


def _agreed_to(page: Page) -> bool:
    """Whether there is, here or below, a published wording that is or was in force."""
    from cms_pages.models import LegalVersionPage

    versions = LegalVersionPage.objects.descendant_of(page, inclusive=True).live()
    return bool(versions.filter(effective_from__lte=timezone.localdate()).exists())


class LegalPermissions(PagePermissionTester):
    """Of a document, or the list of them: it cannot be deleted with the wordings in it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(super().can_delete(ignore_bulk)) and not _agreed_to(self.page)


class LegalVersionPermissions(LegalPermissions):
    """Of a wording: it also stays published, and where it is."""

    def can_unpublish(self) -> bool:
        return bool(super().can_unpublish()) and not _agreed_to(self.page)

    def can_move(self) -> bool:
        return bool(super().can_move()) and not _agreed_to(self.page)


class HomePermissions(PagePermissionTester):
    """Without the front page there is no site: it is changed, and stays."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False
