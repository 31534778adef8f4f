from django.urls import URLPattern, path
from wagtail import hooks

from cabinet.bills.mailing.desk import bills_notify
from cabinet.bills.preview import bill_preview


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def bill_mailing_urls() -> list[URLPattern]:
    return [
        path("mailings/bills/", bills_notify, name="mailing_bills"),
        path("bills/preview/", bill_preview, name="bill_preview"),
    ]
