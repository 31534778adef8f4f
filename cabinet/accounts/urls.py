from django.urls import path

from cabinet.accounts.links import views

app_name = "accounts"
urlpatterns = [
    path("accounts/", views.manage, name="manage"),
    path("<uuid:link_id>/confirm/", views.confirm, name="confirm"),
]
