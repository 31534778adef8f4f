"""Forms for the images and documents that editors upload."""

from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from portal.uploads.documents import UploadRules, document_check

DOCUMENTS = UploadRules(
    extensions=settings.WAGTAILDOCS_EXTENSIONS,
    messages={"extension": "Файлы «.%(extension)s» на сайт не загружаются. Подойдут: %(allowed)s."},
)


class SiteImageForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            millions = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
            self.fields["file"].error_messages["file_too_many_pixels"] = (
                f"Снимок слишком большой: больше {millions} мегапикселей. Уменьшите его — для сайта "
                "хватает 2000 точек по длинной стороне."
            )


class SiteDocumentForm(BaseDocumentForm):
    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and "file" in self.changed_data:
            document_check(file, DOCUMENTS)
        return file

    def _post_clean(self) -> None:
        """Drop the model's error about the name of a file that is refused already."""
        super()._post_clean()
        if "file" in self.errors:
            self.errors.pop(NON_FIELD_ERRORS, None)
