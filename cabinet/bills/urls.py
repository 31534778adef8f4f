from django.urls import path

from cabinet.bills import views

app_name = "bills"
urlpatterns = [
    path("<uuid:link_id>/bills/", views.bills, name="list"),
]
