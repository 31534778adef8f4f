"""What a page is put together from."""

from cms_pages.blocks.body import BodyBlock, SectionBlock
from cms_pages.blocks.contacts import ContactsBlock
from cms_pages.blocks.facts import FiguresBlock
from cms_pages.blocks.links import QuickLinksBlock

__all__ = ["BodyBlock", "ContactsBlock", "FiguresBlock", "QuickLinksBlock", "SectionBlock"]
