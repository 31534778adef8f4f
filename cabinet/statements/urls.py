from django.urls import path

from cabinet.statements import views

app_name = "statements"
urlpatterns = [
    path("cabinet/<uuid:link_id>/statement/", views.statement, name="statement"),
    path(
        "cabinet/<uuid:link_id>/statement/table.<str:ending>",
        views.statement_file,
        name="statement_file",
    ),
]
