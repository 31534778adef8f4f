"""The addresses of the cashiers' desks, below the admin's."""

from django.urls import path

from cabinet.payments.desk import (
    payments,
    profiles,
    reconciliation,
    refunds,
    requests,
    transfers,
)

urlpatterns = [
    path("payments/", payments.payment_list, name="payments_desk"),
    path("payments/<int:pk>/", payments.payment_show, name="payments_one"),
    path("payments/<int:pk>/sync/", payments.payment_ask, name="payments_sync"),
    path("payments/<int:pk>/refund/", refunds.refund_form, name="payments_refund"),
    path("payments/refunds/", refunds.refund_list, name="payments_refunds"),
    path("payments/refunds/<int:pk>/approve/", refunds.refund_yes, name="payments_refund_yes"),
    path("payments/refunds/<int:pk>/decline/", refunds.refund_no, name="payments_refund_no"),
    path("payments/refunds/<int:pk>/sync/", refunds.refund_ask, name="payments_refund_sync"),
    path("payments/requests/", requests.request_list, name="payments_requests"),
    path("payments/requests/<int:pk>/", requests.request_show, name="payments_request"),
    path("payments/transfers/", transfers.transfers, name="payments_transfers"),
    path(
        "payments/transfers/upload/", transfers.transfers_upload, name="payments_transfers_upload"
    ),
    path("payments/files/", transfers.files, name="payments_files"),
    path("payments/profiles/", profiles.profile_list, name="payments_profiles"),
    path("payments/profiles/add/", profiles.profile_edit, name="payments_profile_add"),
    path("payments/profiles/<int:pk>/", profiles.profile_edit, name="payments_profile"),
    path(
        "payments/profiles/<int:pk>/delete/",
        profiles.profile_delete,
        name="payments_profile_delete",
    ),
    path("reconciliation/", reconciliation.overview, name="payments_reconciliation"),
    path("reconciliation/start/", reconciliation.again, name="payments_reconciliation_start"),
    path("reconciliation/<int:pk>/", reconciliation.difference_show, name="payments_difference"),
    path("reconciliation/<int:pk>/adopt/", reconciliation.adopt, name="payments_adopt"),
]
