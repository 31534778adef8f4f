from django.urls import URLPattern, path
from wagtail import hooks

from cabinet.billing.mailing_desk import bills_tell


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def bill_mailing_urls() -> list[URLPattern]:
    return [path("mailings/bills/", bills_tell, name="mailing_bills")]
