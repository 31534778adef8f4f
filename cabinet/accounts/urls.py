from django.urls import path

from cabinet.accounts.links import views, views_linked

app_name = "accounts"
urlpatterns = [
    path("accounts/", views.manage, name="manage"),
    path("accounts/<uuid:any_link_id>/name/", views_linked.name, name="name"),
    path("accounts/<uuid:any_link_id>/unlink/", views_linked.unlink, name="unlink"),
    path("accounts/<uuid:any_link_id>/dispute/", views_linked.dispute, name="dispute"),
    path("<uuid:link_id>/confirm/", views.confirm, name="confirm"),
]
