from django.urls import path

from cabinet.subscribers.consents import views as consents
from cabinet.subscribers.entry import views as entry
from cabinet.subscribers.entry import views_recovery as recovery
from cabinet.subscribers.handoff import views as handoff
from cabinet.subscribers.personal_data import views as personal_data
from cabinet.subscribers.settings import (
    views,
    views_consents,
    views_contacts,
    views_sessions,
)

app_name = "subscribers"
urlpatterns = [
    path("", entry.entry, name="entry"),
    path("login/", entry.login, name="login"),
    path("login/pass/<str:link>/", entry.unlock, name="login_unlock"),
    path("logout/", entry.logout, name="logout"),
    path("register/", entry.register, name="register"),
    path("register/resend/", entry.resend, name="resend"),
    path("register/code/", entry.confirm_code, name="confirm_code"),
    path("confirm/<str:link>/", entry.confirm, name="confirm"),
    path("recover/", recovery.recover, name="recover"),
    path("recover/sent/", recovery.recover_sent, name="recover_sent"),
    path("documents/<slug:kind>.pdf", consents.document_pdf, name="document_pdf"),
    path("documents/<slug:kind>/", consents.document, name="document"),
    path("settings/consents/renewal/", consents.renewal, name="consents_renewal"),
    path("settings/", views.account, name="settings"),
    path("settings/password/", views.password, name="password"),
    path("settings/new-password/", views.new_password, name="new_password"),
    path("settings/email/", views_contacts.email, name="email"),
    path("settings/email/<str:secret>/", views_contacts.email_confirm, name="email_confirm"),
    path("settings/phone/", views_contacts.phone, name="phone"),
    path("settings/phone/code/", views_contacts.phone_code, name="phone_code"),
    path("settings/stop/<str:secret>/", views_contacts.stop, name="change_stop"),
    path("settings/consents/", views_consents.consent_list, name="consents"),
    path("settings/consents/<uuid:consent_id>/", views_consents.consent_page, name="consent"),
    path("settings/data/", personal_data.data, name="data"),
    path("settings/data/<uuid:job_id>/", personal_data.data_file, name="data_file"),
    path("settings/deletion/", personal_data.deletion, name="deletion"),
    path("settings/deletion/cancel/", personal_data.deletion_take_back, name="deletion_cancel"),
    path("settings/sessions/", views_sessions.session_list, name="sessions"),
    path(
        "settings/sessions/others/end/",
        views_sessions.sessions_close_others,
        name="sessions_end_others",
    ),
    path(
        "settings/sessions/<int:session_id>/end/", views_sessions.session_close, name="session_end"
    ),
    path("go/<uuid:wanted>/", handoff.start, name="handoff_start"),
    path("go/<uuid:wanted>/issue/", handoff.issue, name="handoff_issue"),
    path("go/finish/", handoff.finish, name="handoff_finish"),
]
