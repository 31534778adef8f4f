from django.urls import path

from cabinet.subscriptions import views, views_addresses, views_sms
from cabinet.subscriptions.models import Subscription

Kind = Subscription.Kind
PAGE = "cabinet/settings/subscriptions/"
BILLS = f"{PAGE}receipts/<uuid:any_link_id>/"
NUMBER = f"{PAGE}sms/<uuid:number_id>/"

app_name = "subscriptions"
urlpatterns = [
    path(PAGE, views.page, name="page"),
    path(BILLS, views.switch, {"kind": Kind.BILL}, name="bills"),
    path(f"{BILLS}address/", views_addresses.bills_address, name="bills_address"),
    path(
        f"{BILLS}address/resend/",
        views_addresses.bills_address_resend,
        name="bills_address_resend",
    ),
    path(
        f"{PAGE}reminders/<uuid:any_link_id>/",
        views.switch,
        {"kind": Kind.READING_REMINDER},
        name="reminders",
    ),
    path(f"{PAGE}news/<int:company_id>/", views.news_switch, name="news"),
    path(f"{PAGE}sms/add/", views_sms.add, name="sms_add"),
    path(NUMBER, views_sms.edit, name="sms_edit"),
    path(f"{NUMBER}code/", views_sms.code, name="sms_code"),
    path(f"{NUMBER}code/resend/", views_sms.resend, name="sms_resend"),
    path(f"{NUMBER}switch/", views_sms.switch, name="sms_switch"),
    path(f"{NUMBER}remove/", views_sms.remove, name="sms_remove"),
    path("cabinet/<uuid:link_id>/readings/reminder/", views.reminder_switch, name="reminder"),
    path("subscriptions/off/<str:token>/", views.off, name="off"),
    path(
        "subscriptions/address/<str:secret>/",
        views_addresses.address_confirm,
        name="address_confirm",
    ),
]
