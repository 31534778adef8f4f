import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='когда')),
                ('level', models.CharField(choices=[('system', 'система'), ('company', 'сотрудник компании'), ('central', 'центральный офис')], max_length=10, verbose_name='кто это')),
                ('actor_number', models.BigIntegerField(blank=True, null=True, verbose_name='номер сотрудника')),
                ('actor_name', models.CharField(blank=True, max_length=150, verbose_name='кто')),
                ('action', models.CharField(max_length=100, verbose_name='действие')),
                ('subject', models.CharField(blank=True, max_length=255, verbose_name='над чем')),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='откуда')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='подробности')),
            ],
            options={
                'verbose_name': 'запись журнала',
                'verbose_name_plural': 'журнал действий',
                'ordering': ['-at', '-pk'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['action', 'subject'], name='audit_action_subject'), models.Index(models.F('details__company_id'), models.OrderBy(models.F('at'), descending=True), condition=models.Q(('details__has_key', 'company_id')), name='audit_company')],
            },
        ),
    ]
