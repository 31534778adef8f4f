from django.urls import URLPattern, path
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from cabinet.meters.admin import SubmissionAdmin, dial_photo

modeladmin_register(SubmissionAdmin)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def photo_address() -> list[URLPattern]:
    return [path("readings/photos/<uuid:photo_id>/", dial_photo, name="dial_photo")]
