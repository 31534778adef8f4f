from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ExchangeKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='название')),
                ('public_id', models.CharField(max_length=16, unique=True, verbose_name='номер ключа')),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256 секрета')),
                ('scopes', models.JSONField(default=list, verbose_name='что можно')),
                ('created_by', models.CharField(max_length=150, verbose_name='кто создал')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создан')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='действует до')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='отозван')),
                ('revoked_by', models.CharField(blank=True, max_length=150, verbose_name='кто отозвал')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='последний запрос')),
                ('last_used_address', models.GenericIPAddressField(blank=True, null=True, verbose_name='откуда')),
            ],
            options={
                'verbose_name': 'ключ обмена',
                'verbose_name_plural': 'ключи обмена',
                'permissions': [('manage_keys', 'Может создавать и отзывать ключи обмена')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LateNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('expected_on', models.DateField(unique=True, verbose_name='когда ждали')),
                ('sent_at', models.DateTimeField(auto_now_add=True, verbose_name='когда сообщили')),
            ],
            options={
                'verbose_name': 'сообщение об опоздавшем пакете',
                'verbose_name_plural': 'сообщения об опоздавших пакетах',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('package_id', models.CharField(blank=True, max_length=100, verbose_name='номер пакета')),
                ('manifest_sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 манифеста')),
                ('as_of', models.DateTimeField(blank=True, null=True, verbose_name='данные на')),
                ('mode', models.CharField(blank=True, choices=[('delta', 'изменения'), ('full', 'полная выгрузка')], max_length=10, verbose_name='вид')),
                ('state', models.CharField(choices=[('queued', 'ждёт загрузки'), ('running', 'загружается'), ('applied', 'загружен'), ('checked', 'проверен, не\xa0загружен'), ('already_applied', 'уже был загружен'), ('refused', 'отклонён'), ('interrupted', 'прерван')], default='running', max_length=20, verbose_name='состояние')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='строк по файлам')),
                ('problem_count', models.PositiveIntegerField(default=0, verbose_name='ошибок')),
                ('problems', models.JSONField(blank=True, default=list, verbose_name='первые ошибки')),
                ('rejected_rows', models.PositiveIntegerField(default=0, verbose_name='отклонено строк')),
                ('source', models.CharField(choices=[('command', 'команда'), ('api', 'программа биллинга'), ('desk', 'загружен вручную')], max_length=10, verbose_name='как получен')),
                ('sent_by', models.CharField(blank=True, max_length=150, verbose_name='кто передал')),
                ('sent_from', models.GenericIPAddressField(blank=True, null=True, verbose_name='откуда')),
                ('file', models.CharField(blank=True, max_length=40, verbose_name='файл')),
                ('size', models.BigIntegerField(default=0, verbose_name='размер, байт')),
                ('is_check', models.BooleanField(default=False, verbose_name='только проверить')),
                ('wants_rejects', models.BooleanField(default=False, verbose_name='загрузить годные строки')),
                ('rejects_file', models.CharField(blank=True, max_length=50, verbose_name='файл отклонённых строк')),
                ('allow_mass_close', models.BooleanField(default=False, verbose_name='разрешено закрыть много счетов')),
                ('attempts', models.IntegerField(default=0, verbose_name='попыток')),
                ('refusal', models.CharField(blank=True, choices=[('broken', 'ошибки в пакете'), ('conflict', 'не сочетается с уже загруженным'), ('too_large', 'распаковывается в слишком большой объём'), ('mass_close', 'закрыл бы слишком много счетов')], max_length=10, verbose_name='почему отклонён')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='подробности')),
                ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='получен')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='загружен')),
            ],
            options={
                'verbose_name': 'пакет биллинга',
                'verbose_name_plural': 'пакеты биллинга',
                'default_permissions': ('view', 'add'),
                'indexes': [models.Index(fields=['-received_at'], name='package_received'), models.Index(condition=models.Q(('state__in', ['queued', 'running'])), fields=['id'], name='package_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'applied')), fields=('package_id',), name='package_applied_once'), models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state', 'applied')), models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', True)), _connector='OR'), name='package_applied_at')],
            },
        ),
    ]
