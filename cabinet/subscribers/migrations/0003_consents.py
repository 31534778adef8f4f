import uuid

import django.db.models.deletion
import encrypted_fields.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """The ledger of consents takes the place of `consented_at`.

    The old moments are dropped, not moved: without the text that was agreed to, and with one moment for
    whatever there was, they prove nothing, and no release has gathered any.
    """

    dependencies = [("subscribers", "0002_telephone"), ("tenants", "0001_initial")]

    operations = [
        migrations.RemoveField("subscriber", "consented_at"),
        migrations.RemoveField("pendingregistration", "consented_at"),
        migrations.RenameField("pendingregistration", "mailed_at", "sent_at"),
        migrations.AlterField(
            "pendingregistration",
            "sent_at",
            models.DateTimeField(verbose_name="сообщение отправлено"),
        ),
        migrations.AlterField(
            "pendingregistration",
            "email",
            models.EmailField(blank=True, max_length=254, verbose_name="электронная почта"),
        ),
        migrations.AddField(
            "pendingregistration",
            "phone",
            models.CharField(blank=True, default="", max_length=16, verbose_name="телефон"),
            preserve_default=False,
        ),
        migrations.AddField(
            "pendingregistration",
            "code_hash",
            models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "pendingregistration",
            "code_tries",
            models.SmallIntegerField(default=0, verbose_name="неверных кодов"),
        ),
        migrations.AddField(
            "pendingregistration",
            "sent_count",
            models.SmallIntegerField(default=1, verbose_name="сообщений"),
        ),
        migrations.AddField(
            "pendingregistration",
            "confirmed_at",
            models.DateTimeField(blank=True, null=True, verbose_name="подтверждена"),
        ),
        migrations.AddIndex(
            "pendingregistration", models.Index(fields=["email"], name="pending_email")
        ),
        migrations.AddIndex(
            "pendingregistration", models.Index(fields=["phone"], name="pending_phone")
        ),
        migrations.AddConstraint(
            "pendingregistration",
            models.CheckConstraint(
                condition=models.Q(("email", ""), ("phone__gt", ""))
                | models.Q(("email__gt", ""), ("phone", "")),
                name="pending_has_one_contact",
            ),
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text_hash",
                    models.CharField(max_length=64, unique=True, verbose_name="отпечаток"),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="вид")),
                ("title", models.CharField(max_length=255, verbose_name="документ")),
                ("number", models.CharField(max_length=40, verbose_name="редакция")),
                ("text", models.TextField(verbose_name="текст")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="сохранён")),
            ],
            options={
                "verbose_name": "текст согласия",
                "verbose_name_plural": "тексты согласий",
                "db_table": '"public"."subscribers_consenttext"',
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("company_name", models.CharField(max_length=255, verbose_name="компания")),
                ("host", models.CharField(max_length=253, verbose_name="сайт")),
                ("address", models.CharField(max_length=45, verbose_name="IP-адрес")),
                ("given_at", models.DateTimeField(verbose_name="дано")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="отозвано"),
                ),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tenants.gascompany",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="subscribers.pendingregistration",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="subscribers.subscriber",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="subscribers.consenttext",
                    ),
                ),
            ],
            options={
                "verbose_name": "согласие",
                "verbose_name_plural": "согласия",
                "db_table": '"public"."subscribers_consent"',
                "ordering": ["given_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registration__isnull", True), ("subscriber__isnull", False)
                        )
                        | models.Q(("registration__isnull", False), ("subscriber__isnull", True)),
                        name="consent_has_one_giver",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LoginPass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_phone", models.BooleanField(verbose_name="по телефону")),
                ("link_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="создан")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="истекает")),
                (
                    "told_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="отправлен"),
                ),
                (
                    "used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="использован"),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.gascompany",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="subscribers.subscriber",
                    ),
                ),
            ],
            options={
                "verbose_name": "пропуск ко входу",
                "verbose_name_plural": "пропуска ко входу",
                "db_table": '"public"."subscribers_loginpass"',
            },
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("browser_hash", models.CharField(max_length=64, unique=True)),
                ("owner_hash", models.CharField(max_length=64)),
                ("host", models.CharField(max_length=253, verbose_name="сайт")),
                ("path", models.CharField(max_length=500, verbose_name="страница")),
                ("content", encrypted_fields.fields.EncryptedTextField(verbose_name="поля")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="истекает")),
            ],
            options={
                "verbose_name": "сохранённая форма",
                "verbose_name_plural": "сохранённые формы",
                "db_table": '"public"."subscribers_keptform"',
            },
        ),
    ]
