from django.urls import path

from cabinet.houses import views

app_name = "houses"
urlpatterns = [
    path("<uuid:link_id>/house/", views.house, name="house"),
]
