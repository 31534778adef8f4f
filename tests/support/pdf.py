"""PDF files as their readers see them."""

import pypdfium2


def pages_of_pdf(content: bytes) -> list[str]:
    """Return the words of each page, as they are copied from a viewer."""
    document = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
