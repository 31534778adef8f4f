from django.urls import path

from cabinet.payments.lifecycle.webhooks import webhook
from cabinet.payments.result import views as result

app_name = "payments"
urlpatterns = [
    path("webhooks/yookassa/", webhook, name="webhook"),
    path("payments/<str:return_key>/", result.result, name="result"),
    path("payments/<str:return_key>/state/", result.state, name="state"),
    path("payments/<str:return_key>/qr.png", result.qr, name="qr"),
]
