"""Patches of Wagtail and Django: hosts, time zones and the ids of a schema's rows differ by schema.

What Wagtail and its parts remember in a process, and would take for the rows of every schema:

- content types (`ContentTypeManager`): one memory a schema;
- the types of form pages (`get_form_types`), the content type of a permission policy, the order of models in
  a group's permissions, the names of a modeladmin's permissions: not remembered any more, each is a look-up
  in the memory above or one query;
- sites' roots and locales' names are in the default cache, which is keyed by schema.

tests/tenancy/test_memories.py looks for others.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from wagtail.admin import localization
from wagtail.admin.templatetags.wagtailadmin_tags import register
from wagtail.contrib.forms import utils as forms_utils
from wagtail.contrib.forms import views as forms_views
from wagtail.coreutils import resolve_model_string
from wagtail.models import Site
from wagtail.permission_policies.base import BaseDjangoAuthPermissionPolicy
from wagtail.users import permission_order
from wagtail.users.templatetags import wagtailusers_tags
from wagtail_modeladmin.helpers import PermissionHelper

from portal.connection import current_schema
from tenants.models import GasCompany, site_url

if TYPE_CHECKING:
    from tenants.database.base import DatabaseWrapper


def install() -> None:
    """Put the functions below into the place of Wagtail's and Django's own.

    Called once, in `AppConfig.ready`.
    """
    register.simple_tag(admin_address, name="base_url_setting")
    register.simple_tag(_same_host, name="build_absolute_url")
    Site.root_url = property(lambda site: site_url(site.hostname))
    localization.override_tz = _keep_time_zone
    for manager in (
        ContentType.objects,
        ContentType._default_manager,
        ContentType._base_manager,  # noqa: SLF001
    ):
        if hasattr(manager, "_cache"):
            manager._cache = content_types  # noqa: SLF001
    forms_utils.get_form_types = forms_views.get_form_types = forms_utils.get_form_types.__wrapped__
    for module in (permission_order, wagtailusers_tags):
        module.get_content_type_order_lookup = _content_type_order
    for owner, name in (
        (BaseDjangoAuthPermissionPolicy, "_content_type"),
        (PermissionHelper, "all_permission_codenames"),
    ):
        setattr(owner, name, property(vars(owner)[name].func))


def admin_address(default: str | None = None) -> str:
    """Return scheme, host and port of the current schema's admin, for links in Wagtail's letters.

    Wagtail knows one setting for it, `default`; here each company has a host of its own.
    """
    company = GasCompany.objects.filter(schema_name=current_schema()).first()
    return company.url if company else site_url(settings.BASE_HOST)


def _same_host(url: str) -> str:
    """Leave an address of Wagtail's bar on the host that the page was asked for.

    `request.build_absolute_uri` names the primary one, where the editor may not be logged in.
    """
    return url


def _keep_time_zone(zone: Any) -> AbstractContextManager[None]:
    """Leave the admin in the company's time zone, which the tenant's middleware has set.

    Wagtail would take the zone of the person's profile or else `TIME_ZONE`, Moscow's: a notice that
    begins at noon in Kamchatka would begin there at nine in the evening.
    """
    return nullcontext()


def _content_type_order() -> dict[int, int]:
    """Return the order of models in a group's permissions by the content types of this schema."""
    return {
        ContentType.objects.get_for_model(resolve_model_string(model)).pk: order
        for model, order in permission_order.content_types_to_register
    }


class ContentTypesBySchema:
    """The cache of content types that `ContentTypeManager` expects, keyed by alias and schema.

    Ids differ between schemas. One cache for all gave wrong ids under threads, and django-tenants
    clears it at every switch, while another thread reads it.
    """

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str], dict[Any, ContentType]] = {}

    def __getitem__(self, using: str) -> dict[Any, ContentType]:
        return self._cache[self._key(using)]

    def setdefault(self, using: str, default: dict[Any, ContentType]) -> dict[Any, ContentType]:
        return self._cache.setdefault(self._key(using), default)

    def clear(self) -> None:
        """Do nothing: django-tenants calls this at each switch of schemas, and each has its own."""

    def clear_all(self) -> None:
        """Forget the content types of every schema."""
        self._cache.clear()

    def _key(self, using: str) -> tuple[str, str]:
        return using, str(cast("DatabaseWrapper", connections[using]).schema_name)


content_types = ContentTypesBySchema()
