"""«Справка»: issued and downloaded by holders."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess, access_account
from cabinet.accounts.locks import AccessGone
from cabinet.billing.selectors import account_periods
from cabinet.statements.certificates.file import certificate_pdf
from cabinet.statements.certificates.limits import FILES
from cabinet.statements.certificates.services import (
    TooManyCertificates,
    certificate_issue,
    certificates_of,
)
from cabinet.statements.certificates.text import NothingCharged
from cabinet.statements.forms import StatementForm
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.limits import CountersDown


@subscriber_required
def certificate(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Issue a certificate by the button of the statement, whose months it sums up."""
    access = access_account(request, link_id)
    form = StatementForm(request.POST, account_periods(access.account))
    address = reverse("statements:statement", args=[link_id])
    key = _key(request)
    if request.method == "POST" and form.is_valid() and key:
        _issue(request, access, form, key)
        address = f"{address}?{urlencode(form.query)}#certificates"
    return HttpResponseRedirect(address)


@subscriber_required
def certificate_file(
    request: SubscriberRequest, link_id: UUID, certificate_id: UUID
) -> HttpResponse:
    """Serve a certificate that this person was issued."""
    access = access_account(request, link_id)
    found = certificates_of(access).filter(pk=certificate_id).first()
    if found is None:
        raise Http404
    if not FILES.try_spend(str(request.subscriber.pk), when_down=True):
        messages.warning(request, _("Вы загружаете справки очень часто. Попробуйте через час."))
        return redirect("statements:statement", link_id)
    response = HttpResponse(certificate_pdf(found, request.tenant), content_type="application/pdf")
    name = f"spravka-{found.ordinal}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _issue(
    request: SubscriberRequest, access: AccountAccess, form: StatementForm, key: UUID
) -> None:
    """Issue it, and say what came of it on the page that follows."""
    asked = form.cleaned_data
    try:
        issued = certificate_issue(
            access=access, since=asked["since"], until=asked["until"], idempotency_key=key
        )
    except AccessGone as error:
        raise Http404 from error
    except NothingCharged:
        text = _("Начислений по этому лицевому счёту ещё нет, поэтому справку выдать нельзя.")
        messages.warning(request, text)
    except TooManyCertificates:
        text = _(
            "Сегодня по этому счёту выдано уже много справок. Следующую можно получить завтра."
        )
        messages.warning(request, text)
    except CountersDown:
        messages.warning(
            request, _("Сейчас справку выдать не получилось. Попробуйте через минуту.")
        )
    else:
        text = _("Справка №\u00a0%(number)s готова. Скачайте её ниже, в списке справок.")
        messages.success(request, text % {"number": issued.number})


def _key(request: SubscriberRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return None
