"""PDF files as their readers see them."""

import pypdfium2
from PIL import ImageChops, ImageFilter


def pages_of_pdf(content: bytes) -> list[str]:
    """Return the words of each page, as they are copied from a viewer."""
    document = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def differing_pixels(one: bytes, other: bytes) -> int:
    """Return how many pixels of the pages' pictures differ by more than a letter's shift by one pixel."""
    pages, others = pypdfium2.PdfDocument(one), pypdfium2.PdfDocument(other)
    assert len(pages) == len(others)
    count = 0
    for page, its in zip(pages, others, strict=True):
        pictures = [
            drawn.render(scale=2, grayscale=True).to_pil().filter(ImageFilter.BoxBlur(3))
            for drawn in (page, its)
        ]
        count += sum(ImageChops.difference(*pictures).histogram()[55:])
    return count
