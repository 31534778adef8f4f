from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.forms import ConsentField
from cabinet.subscribers.contact_form import ContactForm
from cabinet.subscribers.passwords import NewPasswordField, password_check
from portal.captcha.fields import CaptchaField


class RegistrationForm(ContactForm):
    to_phone = _("регистрация по номеру телефона")
    to_email = _("регистрация по Email")

    def __init__(self, *args: Any, documents: list[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("Пришлём письмо со ссылкой для подтверждения.")
        self.fields["phone"].help_text = _("Российский мобильный. Пришлём код в СМС.")
        self.fields["password"] = NewPasswordField()
        self.kinds = [document.kind for document in documents]
        for document in documents:
            self.fields[document.kind] = ConsentField(document)
        self.fields["captcha"] = CaptchaField()

    def clean(self) -> dict[str, Any]:
        password = self.cleaned_data.get("password")
        if password:
            try:
                password_check(password, self.contact)
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data

    @property
    def accepted(self) -> list[Document]:
        """The documents whose boxes are ticked; of a valid form all of them."""
        return [self.cleaned_data[kind] for kind in self.kinds]
