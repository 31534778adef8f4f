from django.urls import path

from cabinet.payments.autopay import views as autopay
from cabinet.payments.lifecycle.webhooks import webhook
from cabinet.payments.page import views, views_guest
from cabinet.payments.refunds import views as refunds
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
    path("cabinet/<uuid:link_id>/payment/", views.pay, name="pay"),
    path("guest/payment/", views_guest.find, name="guest"),
    path("guest/payment/forget/", views_guest.forget, name="guest_forget"),
    path("guest/payment/<slug:key>/", views_guest.pay, name="guest_pay"),
    path("guest/payment/<slug:key>/remember/", views_guest.remember, name="guest_remember"),
    path(
        "cabinet/<uuid:link_id>/payment/<int:number>/mistake/",
        refunds.refund_request,
        name="refund_request",
    ),
    path("payments/<slug:return_key>/", result.result, name="result"),
    path("payments/<slug:return_key>/state/", result.state, name="state"),
    path("payments/<slug:return_key>/qr.png", result.qr, name="qr"),
    path("cabinet/<uuid:link_id>/payment/autopay/", autopay.autopay, name="autopay"),
    path(
        "cabinet/<uuid:link_id>/payment/autopay/connect/", autopay.connect, name="autopay_connect"
    ),
    path("cabinet/<uuid:link_id>/payment/autopay/change/", autopay.change, name="autopay_change"),
    path("cabinet/<uuid:link_id>/payment/autopay/off/", autopay.off, name="autopay_off"),
]
