from django.urls import URLPattern, path
from wagtail import hooks

from cabinet.bills.mailing.desk import bills_notify
from cabinet.bills.many.desk import bill_run_retry, bill_run_show
from cabinet.bills.preview import bill_preview


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def bill_urls() -> list[URLPattern]:
    run = "mailings/bills/<str:month>/"
    return [
        path("mailings/bills/", bills_notify, name="mailing_bills"),
        path(run, bill_run_show, name="bill_run"),
        path(f"{run}retry/", bill_run_retry, name="bill_run_retry"),
        path("bills/preview/", bill_preview, name="bill_preview"),
    ]
