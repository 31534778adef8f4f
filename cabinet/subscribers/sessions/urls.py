from django.urls import path

from cabinet.subscribers.sessions import views

urlpatterns = [
    path("settings/sessions/", views.session_list, name="sessions"),
    path("settings/sessions/others/end/", views.sessions_close_others, name="sessions_end_others"),
    path("settings/sessions/<int:session_id>/end/", views.session_close, name="session_end"),
]
