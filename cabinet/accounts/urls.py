from django.urls import path

from cabinet.accounts.linking.wizard import LinkingWizard
from cabinet.accounts.links import views, views_linked
from cabinet.subscribers.http import subscriber_required

wizard = subscriber_required(LinkingWizard.as_view(url_name="accounts:add"))

app_name = "accounts"
urlpatterns = [
    path("accounts/", wizard, name="manage"),
    path("accounts/add/<uuid:draft_id>/<slug:step>/", wizard, name="add"),
    path("accounts/<uuid:any_link_id>/name/", views_linked.name, name="name"),
    path("accounts/<uuid:any_link_id>/unlink/", views_linked.unlink, name="unlink"),
    path("accounts/<uuid:any_link_id>/dispute/", views_linked.dispute, name="dispute"),
    path("<uuid:link_id>/confirm/", views.confirm, name="confirm"),
]
