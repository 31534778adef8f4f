from django.urls import path

from cabinet.mailings import views

app_name = "mailings"
urlpatterns = [
    path("settings/subscriptions/receipts/<uuid:wanted>/", views.receipts, name="receipts"),
]
