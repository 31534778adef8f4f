"""A sample news item."""

import datetime
from dataclasses import dataclass

from cms_pages.first_pages.words import Block


@dataclass(frozen=True, kw_only=True)
class SampleNews:
    title: str
    slug: str
    date: datetime.date
    category: str
    lead: str
    body: tuple[Block, ...]
    subject: str = ""  # of its drawing, where the title's words would choose another
