"""What every host has: Wagtail's admin for the staff of its schema, and documents."""

from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms_pages.views import low_vision
from portal.http.errors import not_found
from portal.staff.views import passwords
from portal.staff.views.invitation import invitation

urlpatterns = [
    path("low-vision/", low_vision, name="low_vision"),
    # Browsers ask for it whatever the page says.
    path("favicon.ico", lambda request: redirect(static("img/favicon.ico"))),
    path("staff/invitation/<str:secret>/", invitation, name="staff_invitation"),
    # Before Wagtail's own two, whose tokens do not know the schema.
    path(
        "admin/password_reset/",
        passwords.PasswordResetView.as_view(),
        name="staff_password_reset",
    ),
    path(
        "admin/password_reset/confirm/<uidb64>/<token>/",
        passwords.PasswordResetConfirmView.as_view(),
        name="staff_password_reset_confirm",
    ),
    # Wagtail's try of its page of errors.
    path("admin/failwhale/", not_found),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
handler400 = "portal.http.errors.bad_request"
handler403 = "portal.http.errors.forbidden"
handler404 = "portal.http.errors.not_found"
handler500 = "portal.http.errors.server_error"
