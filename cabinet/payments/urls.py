from django.urls import path

from cabinet.payments.autopay import views as autopay
from cabinet.payments.lifecycle.webhooks import webhook
from cabinet.payments.result import views as result
from cabinet.payments.result import views_cabinet

app_name = "payments"
urlpatterns = [
    path("webhooks/yookassa/", webhook, name="webhook"),
    path(
        "cabinet/<uuid:link_id>/payment/<int:number>/",
        views_cabinet.payment,
        name="payment",
    ),
    path("payments/code/<str:token>.png", result.bank_code, name="bank_code"),
    path("payments/<str:return_key>/", result.result, name="result"),
    path("payments/<str:return_key>/state/", result.state, name="state"),
    path("payments/<str:return_key>/qr.png", result.qr, name="qr"),
    path("cabinet/<uuid:link_id>/payment/autopay/", autopay.autopay, name="autopay"),
    path(
        "cabinet/<uuid:link_id>/payment/autopay/connect/", autopay.connect, name="autopay_connect"
    ),
    path("cabinet/<uuid:link_id>/payment/autopay/change/", autopay.change, name="autopay_change"),
    path("cabinet/<uuid:link_id>/payment/autopay/off/", autopay.off, name="autopay_off"),
]
