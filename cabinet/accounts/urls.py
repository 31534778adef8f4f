from django.urls import path

from cabinet.accounts.applications import own_views
from cabinet.accounts.applications import views as applications
from cabinet.accounts.delegates import views as delegates
from cabinet.accounts.linking.views_photo import bill_photo
from cabinet.accounts.linking.wizard import LinkingWizard
from cabinet.accounts.links import views, views_linked
from cabinet.subscribers.http import subscriber_required

wizard = subscriber_required(LinkingWizard.as_view(url_name="accounts:add"))

app_name = "accounts"
urlpatterns = [
    path("accounts/", wizard, name="manage"),
    path("accounts/add/<uuid:draft_id>/<slug:step>/", wizard, name="add"),
    path("accounts/add/photo/", bill_photo, name="bill_photo"),
    path("accounts/<uuid:any_link_id>/name/", views_linked.name, name="name"),
    path("accounts/<uuid:any_link_id>/unlink/", views_linked.unlink, name="unlink"),
    path("accounts/<uuid:any_link_id>/dispute/", views_linked.dispute, name="dispute"),
    path("register/application/", applications.application, name="application"),
    path("register/application/sent/", applications.application_sent, name="application_sent"),
    path(
        "register/application/resend/",
        applications.application_send_again,
        name="application_resend",
    ),
    path(
        "register/application/confirm/<str:link>/",
        applications.application_confirm_page,
        name="application_confirm",
    ),
    path("register/password/<str:link>/", applications.first_login, name="first_login"),
    path("accounts/apply/", own_views.apply, name="apply"),
    path(
        "accounts/applications/<slug:schema_name>/<uuid:application_id>/",
        own_views.applied,
        name="applied",
    ),
    path("invitations/<uuid:delegation_id>/", delegates.invitation_own, name="invitation_own"),
    path("delegations/<str:secret>/", delegates.invitation, name="invitation"),
    path("<uuid:link_id>/delegates/", delegates.delegate_list, name="delegates"),
    path("<uuid:link_id>/delegates/invite/", delegates.invite, name="delegate_invite"),
    path("<uuid:link_id>/delegates/<uuid:delegation_id>/end/", delegates.end, name="delegate_end"),
    path("<uuid:link_id>/confirm/", views.confirm, name="confirm"),
]
