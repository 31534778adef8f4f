from django.urls import path

from cabinet.layout import views

app_name = "layout"
urlpatterns = [path("<uuid:link_id>/", views.information, name="information")]
