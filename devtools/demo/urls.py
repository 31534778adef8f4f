from django.urls import path

from devtools.demo import views

app_name = "demo"
urlpatterns = [
    path("mail/", views.mail_list, name="mail_list"),
    path("max/", views.messenger, name="max"),
    path("max/<slug:bot>", views.messenger_bot, name="max_bot"),
    path("mail/<str:name>/", views.mail_letter, name="mail_letter"),
]
