from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cabinet.notifications.letters import desk as letters
from cabinet.notifications.wordings import desk as wordings
from portal.desk.menu import CompanyMenuItem


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def wordings_urls() -> list[URLPattern]:
    one = "messages/wordings/<slug:kind>/"
    return [
        path("messages/letters/", letters.letters, name="letters"),
        path("messages/letters/test/", letters.test_letter, name="letter_test"),
        path("messages/wordings/", wordings.wording_list, name="wordings"),
        path(one, wordings.wording_edit, name="wording"),
        path(f"{one}standard/", wordings.wording_standard, name="wording_standard"),
        path(f"{one}<int:version>/", wordings.wording_version, name="wording_version"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def wordings_menu_item() -> MenuItem:
    return CompanyMenuItem(
        wordings.WORD,
        _("Тексты сообщений"),
        reverse_lazy("wordings"),
        icon_name="mail",
    )


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def letters_menu_item() -> MenuItem:
    return CompanyMenuItem(
        letters.SET, _("Письма компании"), reverse_lazy("letters"), icon_name="mail"
    )
