"""Forms for the images and documents that editors upload."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from portal.uploads.documents import UploadRules, document_check
from portal.uploads.pictures import PICTURE_TYPES, PictureRules, picture_clean

DOCUMENTS = UploadRules(
    extensions=settings.WAGTAILDOCS_EXTENSIONS,
    messages={"extension": "Файлы «.%(extension)s» на сайт не загружаются. Подойдут: %(allowed)s."},
)
IMAGES = PictureRules(
    max_bytes=settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE,
    max_pixels=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS,
    messages={
        "too_many_pixels": "Снимок слишком большой: больше "
        f"{settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000} мегапикселей. Уменьшите его — для "
        "сайта хватает 2000 точек по длинной стороне.",
        "not_a_picture": "Снимок не открывается: файл повреждён, загружен не целиком или это не JPEG, "
        "PNG, WebP, GIF. Сохраните его заново и выберите ещё раз.",
    },
)


class SiteImageField(WagtailImageField):
    """A picture that opens to its last line, stored without the place and device it was taken with."""

    def to_python(self, data: Any) -> Any:
        file = forms.FileField.to_python(self, data)
        if file is None:
            return None
        path = PurePath(str(file.name))
        try:
            picture = picture_clean(file, file.size, IMAGES)
        except ValidationError as error:
            if path.suffix.lower() in (".svg", ".heic", ".heif", ".avif"):
                raise ValidationError(
                    "Такие снимки сайт не показывает. Сохраните его как JPEG или PNG.",
                    code="not_a_picture",
                ) from error
            raise
        name = f"{path.stem}.{picture.extension}"
        return SimpleUploadedFile(name, picture.content, PICTURE_TYPES[picture.extension])


class SiteImageForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if usual := self.fields.get("file"):
            self.fields["file"] = SiteImageField(
                label=usual.label, required=usual.required, widget=usual.widget
            )


class SiteDocumentForm(BaseDocumentForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take a name of any length: the storage shortens it."""
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].max_length = None
            self.fields["file"].help_text = (
                "Документ публикуется как есть, со свойствами: именем автора, правками и примечаниями. "
                "Уберите их перед загрузкой, если они не для всех."
            )

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and "file" in self.changed_data:
            document_check(file, DOCUMENTS)
        return file

    def _post_clean(self) -> None:
        """Drop the model's errors about the name of a file that is refused already."""
        refused = self.errors["file"].copy() if "file" in self.errors else None
        super()._post_clean()
        if refused is not None:
            self.errors["file"] = refused
            self.errors.pop(NON_FIELD_ERRORS, None)
