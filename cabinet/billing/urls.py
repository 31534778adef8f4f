from django.urls import path

from cabinet.billing import views
from cabinet.billing.history import views as history

app_name = "billing"
urlpatterns = [
    path("<uuid:link_id>/sum-due/", views.sum_due_now, name="sum_due_now"),
    path("<uuid:link_id>/charges/", history.charges, name="charges"),
    path("<uuid:link_id>/charges/history.<str:form>", history.charges_file, name="charges_file"),
    path("<uuid:link_id>/charges/payments/", history.payments, name="payments"),
    path(
        "<uuid:link_id>/charges/payments/history.<str:form>",
        history.payments_file,
        name="payments_file",
    ),
]
