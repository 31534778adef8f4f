"""Blocks that editors put pages together from."""

from cms_pages.blocks.body import BodyBlock, SectionBlock
from cms_pages.blocks.contacts import ContactsBlock
from cms_pages.blocks.links import QuickLinksBlock
from cms_pages.blocks.lists import FiguresBlock

__all__ = ["BodyBlock", "ContactsBlock", "FiguresBlock", "QuickLinksBlock", "SectionBlock"]
