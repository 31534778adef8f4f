from django.urls import path

from cabinet.appeals.centre import views as centre

app_name = "appeals"
urlpatterns = [
    path("cabinet/<uuid:link_id>/service-centre/", centre.centre, name="centre"),
]
