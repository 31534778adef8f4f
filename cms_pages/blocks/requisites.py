"""The company's requisites in a text, as they are in its settings."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms_pages.brand.requisites import CompanyRequisites

_SHOWN = (
    "legal_name",
    "inn",
    "kpp",
    "ogrn",
    "legal_address",
    "bank_name",
    "bic",
    "settlement_account",
    "correspondent_account",
)


class RequisitesBlock(blocks.StaticBlock):
    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        found = CompanyRequisites.objects.filter(site__is_default_site=True).first()
        fields = [CompanyRequisites._meta.get_field(name) for name in _SHOWN]
        context["requisites"] = [
            (capfirst(str(field.verbose_name)), getattr(found, field.name))
            for field in fields
            if getattr(found, field.name, "")
        ]
        return context

    class Meta:
        icon = "doc-full"
        label = _("Реквизиты компании")
        admin_text = _("Реквизиты из настроек компании. Изменятся сами, когда их изменят там.")
        template = "cms_pages/blocks/requisites.html"
