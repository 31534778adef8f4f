"""Editors and moderators keep centres, districts, notices, kinds of news and the brand; not the requisites.

A migration and not a step of a new company: it reaches the companies that exist, once, so that a company
which takes a permission away is not given it again. Permissions are made here, because Django makes
them only after all migrations.
"""

from django.db import migrations

GROUPS = ("Editors", "Moderators")
KEPT = {
    "servicecentre": ("add", "change", "delete", "view"),
    "district": ("add", "change", "delete", "view"),
    "newscategory": ("add", "change", "delete", "view"),
    "urgentnotice": ("add", "change", "delete", "view"),
    "brandsettings": ("change",),
}


def grant(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    groups = list(Group.objects.filter(name__in=GROUPS))
    for model, actions in KEPT.items():
        content_type, _ = ContentType.objects.get_or_create(app_label="cms_pages", model=model)
        verbose_name = apps.get_model("cms_pages", model)._meta.verbose_name
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {verbose_name}"},
            )
            for group in groups:
                group.permissions.add(permission)


def take_back(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    for model, actions in KEPT.items():
        codenames = [f"{action}_{model}" for action in actions]
        for permission in Permission.objects.filter(
            content_type__app_label="cms_pages", codename__in=codenames
        ):
            permission.group_set.remove(*permission.group_set.filter(name__in=GROUPS))


class Migration(migrations.Migration):
    dependencies = [
        ("cms_pages", "0002_the_site"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, take_back)]
