"""What belongs to the person: `/cabinet/settings/…`."""

from django.urls import include, path

from cabinet.subscribers.changes import views as changes
from cabinet.subscribers.personal_data import views as personal_data
from cabinet.subscribers.sessions import urls as sessions
from cabinet.subscribers.settings import consents, views

urlpatterns = [
    path("settings/", views.account, name="settings"),
    path("settings/password/", views.password, name="password"),
    path("settings/new-password/", views.new_password, name="new_password"),
    path("settings/email/", changes.email, name="email"),
    path("settings/email/<str:secret>/", changes.email_confirm, name="email_confirm"),
    path("settings/phone/", changes.phone, name="phone"),
    path("settings/phone/code/", changes.phone_code, name="phone_code"),
    path("settings/stop/<str:secret>/", changes.stop, name="change_stop"),
    path("settings/consents/", consents.consent_list, name="consents"),
    path("settings/consents/<uuid:consent_id>/", consents.consent_page, name="consent"),
    path("settings/data/", personal_data.data, name="data"),
    path("settings/data/<uuid:job_id>/", personal_data.data_file, name="data_file"),
    path("settings/deletion/", personal_data.deletion, name="deletion"),
    path("settings/deletion/cancel/", personal_data.deletion_take_back, name="deletion_cancel"),
    path("", include(sessions)),
]
