from django.urls import path

from cabinet.statements import views, views_certificates, views_check

app_name = "statements"
urlpatterns = [
    path("cabinet/<uuid:link_id>/statement/", views.statement, name="statement"),
    path(
        "cabinet/<uuid:link_id>/statement/table.<str:ending>",
        views.statement_file,
        name="statement_file",
    ),
    path(
        "cabinet/<uuid:link_id>/statement/certificate/",
        views_certificates.certificate,
        name="certificate",
    ),
    path(
        "cabinet/<uuid:link_id>/statement/certificates/<uuid:certificate_id>.pdf",
        views_certificates.certificate_file,
        name="certificate_file",
    ),
    # Open to everybody: what a third party checks.
    path("certificates/", views_check.check_form, name="check_form"),
    path("certificates/<str:code>/", views_check.check, name="check"),
]
