import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import re
import tenants.models.company
import tenants.models.legal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(error_messages={'unique': 'Этот день уже есть в календаре: исправьте ту запись.'}, unique=True, verbose_name='дата')),
                ('kind', models.CharField(choices=[('holiday', 'нерабочий праздничный день'), ('moved', 'выходной перенесён на этот день'), ('worked', 'рабочий день')], help_text='«Рабочий день» — суббота, с которой выходной перенесён, или отмена переноса.', max_length=10, verbose_name='какой это день')),
                ('source', models.CharField(help_text='Статья закона или постановление о переносе выходных дней.', max_length=300, verbose_name='источник')),
            ],
            options={
                'verbose_name': 'день календаря',
                'verbose_name_plural': 'производственный календарь',
                'db_table': '"public"."tenants_calendarday"',
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='EntryToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('nonce_hash', models.CharField(max_length=64)),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='истекает')),
                ('schema_name', models.CharField(max_length=41, verbose_name='схема')),
                ('actor', models.CharField(max_length=150, verbose_name='кто')),
            ],
            options={
                'verbose_name': 'вход в компанию',
                'verbose_name_plural': 'входы в компании',
                'db_table': '"public"."tenants_entrytoken"',
            },
        ),
        migrations.CreateModel(
            name='GasCompany',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('schema_name', models.CharField(max_length=41, unique=True, validators=[tenants.models.company.validate_schema_name], verbose_name='схема')),
                ('name', models.CharField(max_length=200, verbose_name='название')),
                ('kind', models.CharField(choices=[('gas', 'Газоснабжение'), ('capital_repair', 'Капитальный ремонт')], default='gas', max_length=20, verbose_name='вид')),
                ('status', models.CharField(choices=[('provisioning', 'создаётся'), ('preparing', 'готовится к\xa0открытию'), ('active', 'работает'), ('suspended', 'приостановлена'), ('archived', 'в архиве')], default='provisioning', max_length=20, verbose_name='состояние')),
                ('inn', models.CharField(blank=True, max_length=10, verbose_name='ИНН')),
                ('time_zone', models.CharField(default='Europe/Moscow', max_length=50, verbose_name='часовой пояс')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создана')),
                ('status_changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='в\xa0этом состоянии с')),
                ('opened_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='открыта')),
                ('suspended_reason', models.CharField(blank=True, max_length=300, verbose_name='почему приостановлена')),
                ('suspended_until', models.DateField(blank=True, null=True, verbose_name='приостановлена до')),
                ('contact_name', models.CharField(blank=True, max_length=150, verbose_name='с\xa0кем связаться')),
                ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='телефон')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
            ],
            options={
                'verbose_name': 'компания',
                'verbose_name_plural': 'компании',
                'db_table': '"public"."tenants_gascompany"',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('legal', 'правовая норма'), ('delete', 'удаление компании')], max_length=10, verbose_name='что')),
                ('subject', models.CharField(max_length=255, verbose_name='о чём')),
                ('company_id', models.BigIntegerField(blank=True, null=True)),
                ('arguments', models.JSONField(default=dict)),
                ('changes', models.JSONField(default=list, verbose_name='что изменится')),
                ('reason', models.TextField(blank=True, verbose_name='причина')),
                ('state', models.CharField(choices=[('waiting', 'ждёт подтверждения'), ('confirmed', 'подтверждено'), ('declined', 'отклонено'), ('withdrawn', 'отозвано')], db_index=True, default='waiting', max_length=10, verbose_name='состояние')),
                ('not_before', models.DateTimeField(blank=True, null=True, verbose_name='не раньше')),
                ('proposed_by', models.CharField(max_length=150, verbose_name='кто предложил')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='предложено')),
                ('decided_by', models.CharField(blank=True, max_length=150, verbose_name='кто решил')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='решено')),
                ('decision_note', models.TextField(blank=True, verbose_name='почему')),
            ],
            options={
                'verbose_name': 'изменение на подтверждении',
                'verbose_name_plural': 'изменения на подтверждении',
                'db_table': '"public"."tenants_proposal"',
                'ordering': ['-proposed_at'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=2, unique=True, verbose_name='код субъекта')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='название')),
                ('order', models.PositiveSmallIntegerField(verbose_name='порядок')),
            ],
            options={
                'verbose_name': 'регион',
                'verbose_name_plural': 'регионы',
                'db_table': '"public"."tenants_region"',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='FleetSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figures', models.JSONField(default=dict, verbose_name='показатели')),
                ('failed', models.JSONField(blank=True, default=list, verbose_name='не посчитаны')),
                ('counted_at', models.DateTimeField(verbose_name='посчитано')),
                ('company', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fleet_snapshot', to='tenants.gascompany', verbose_name='компания')),
            ],
            options={
                'verbose_name': 'показатели компании',
                'verbose_name_plural': 'показатели компаний',
                'db_table': '"public"."tenants_fleetsnapshot"',
            },
        ),
        migrations.CreateModel(
            name='Domain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_primary', models.BooleanField(db_index=True, default=True)),
                ('domain', models.CharField(error_messages={'unique': 'Этот адрес уже занят другой компанией.'}, max_length=253, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^(?=.{1,253}\\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\\Z'), 'Это не похоже на адрес сайта. Пример: pskov.gas.ru или псков.газ.рф.')], verbose_name='адрес')),
                ('check_asked_at', models.DateTimeField(blank=True, null=True, verbose_name='проверка запрошена')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='проверен')),
                ('check_problem', models.CharField(blank=True, max_length=300, verbose_name='что не так')),
                ('certificate_until', models.DateTimeField(blank=True, null=True, verbose_name='сертификат до')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='tenants.gascompany')),
            ],
            options={
                'verbose_name': 'адрес сайта',
                'verbose_name_plural': 'адреса сайтов',
                'db_table': '"public"."tenants_domain"',
            },
        ),
        migrations.CreateModel(
            name='CompanyArchive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='не раньше')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='взято в работу')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток')),
                ('error', models.TextField(blank=True, verbose_name='последняя ошибка')),
                ('schema_name', models.CharField(max_length=41, verbose_name='схема')),
                ('state', models.CharField(choices=[('queued', 'в очереди'), ('making', 'выгружается'), ('done', 'готов'), ('failed', 'ошибка')], default='queued', max_length=10, verbose_name='состояние')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='файл')),
                ('size', models.BigIntegerField(blank=True, null=True, verbose_name='размер, байт')),
                ('sha256', models.CharField(blank=True, editable=False, max_length=64)),
                ('contents', models.JSONField(default=dict, editable=False)),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='проверен')),
                ('check_error', models.TextField(blank=True, verbose_name='что не сошлось')),
                ('requested_by', models.CharField(max_length=150, verbose_name='кто')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создан')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='закончен')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='archives', to='tenants.gascompany', verbose_name='компания')),
            ],
            options={
                'verbose_name': 'архив компании',
                'verbose_name_plural': 'архивы компаний',
                'db_table': '"public"."tenants_companyarchive"',
                'ordering': ['-created_at'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ArchiveRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='не раньше')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='взято в работу')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток')),
                ('error', models.TextField(blank=True, verbose_name='последняя ошибка')),
                ('kind', models.CharField(choices=[('check', 'проверка архива'), ('restore', 'восстановление компании')], max_length=10, verbose_name='что')),
                ('state', models.CharField(choices=[('queued', 'в очереди'), ('running', 'выполняется'), ('done', 'готово'), ('failed', 'ошибка')], default='queued', max_length=10, verbose_name='состояние')),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('requested_by', models.CharField(max_length=150, verbose_name='кто запустил')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создано')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='начато')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='закончено')),
                ('archive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='tenants.companyarchive', verbose_name='архив')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tenants.gascompany')),
            ],
            options={
                'verbose_name': 'работа с\xa0архивом',
                'verbose_name_plural': 'работы с\xa0архивами',
                'db_table': '"public"."tenants_archiverun"',
                'ordering': ['-created_at'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LegalRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=tenants.models.legal.rule_choices, max_length=50, verbose_name='правило')),
                ('valid_from', models.DateField(verbose_name='действует с')),
                ('number', models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name='число')),
                ('day', models.DateField(blank=True, null=True, verbose_name='дата')),
                ('text', models.TextField(blank=True, verbose_name='текст')),
                ('source', models.CharField(help_text='Закон, статья, пункт или решение.', max_length=300, verbose_name='источник')),
                ('note', models.TextField(blank=True, verbose_name='примечание')),
                ('company', models.ForeignKey(blank=True, help_text='Пусто — для всех компаний.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='legal_records', to='tenants.gascompany', verbose_name='компания')),
            ],
            options={
                'verbose_name': 'правовая норма',
                'verbose_name_plural': 'правовые нормы',
                'db_table': '"public"."tenants_legalrecord"',
                'ordering': ['code', 'company_id', '-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='ProvisioningRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='не раньше')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='взято в работу')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток')),
                ('error', models.TextField(blank=True, verbose_name='последняя ошибка')),
                ('schema_name', models.CharField(max_length=41, verbose_name='схема')),
                ('arguments', models.JSONField(default=dict, verbose_name='данные')),
                ('state', models.CharField(choices=[('queued', 'в очереди'), ('running', 'выполняется'), ('done', 'готово'), ('failed', 'ошибка')], default='queued', max_length=10, verbose_name='состояние')),
                ('steps', models.JSONField(blank=True, default=list, verbose_name='шаги')),
                ('earlier_attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток раньше')),
                ('requested_by', models.CharField(max_length=150, verbose_name='кто запустил')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создан')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='начат')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='закончен')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to='tenants.gascompany', verbose_name='компания')),
            ],
            options={
                'verbose_name': 'создание компании',
                'verbose_name_plural': 'создание компаний',
                'db_table': '"public"."tenants_provisioningrun"',
                'ordering': ['-created_at'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='gascompany',
            name='regions',
            field=models.ManyToManyField(db_table='"public"."tenants_gascompany_regions"', related_name='companies', to='tenants.region', verbose_name='регионы'),
        ),
        migrations.CreateModel(
            name='SharedVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.UUIDField(verbose_name='материал')),
                ('number', models.IntegerField(verbose_name='версия')),
                ('title', models.CharField(max_length=255, verbose_name='заголовок')),
                ('content', models.JSONField(verbose_name='содержание')),
                ('note', models.TextField(blank=True, verbose_name='что изменилось')),
                ('new_companies', models.CharField(blank=True, choices=[('', 'не отправлять'), ('gas', 'компаниям газоснабжения'), ('capital_repair', 'фондам капитального ремонта'), ('all', 'всем')], default='', max_length=20, verbose_name='новым компаниям')),
                ('new_companies_publish', models.BooleanField(default=False, verbose_name='сразу публиковать')),
                ('made_by', models.CharField(max_length=150, verbose_name='кто отправил')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='отправлена')),
            ],
            options={
                'verbose_name': 'версия общего материала',
                'verbose_name_plural': 'версии общих материалов',
                'db_table': '"public"."tenants_sharedversion"',
                'ordering': ['item', '-number'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('item', 'number'), name='shared_version_once')],
            },
        ),
        migrations.CreateModel(
            name='SharedDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='не раньше')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='взято в работу')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток')),
                ('error', models.TextField(blank=True, verbose_name='последняя ошибка')),
                ('item', models.UUIDField(verbose_name='материал')),
                ('wish', models.CharField(choices=[('draft', 'черновиком'), ('publish', 'с публикацией'), ('withdraw', 'снять с публикации')], max_length=10, verbose_name='что сделать')),
                ('state', models.CharField(choices=[('waiting', 'ждёт доставки'), ('done', 'доставлено'), ('offered', 'предложено компании'), ('declined', 'компания оставила своё'), ('removed', 'компания удалила страницу'), ('failed', 'не доставлено')], db_index=True, default='waiting', max_length=10, verbose_name='состояние')),
                ('held', models.IntegerField(blank=True, null=True, verbose_name='версия в компании')),
                ('is_live', models.BooleanField(default=False, verbose_name='опубликовано')),
                ('is_adapted', models.BooleanField(default=False, verbose_name='изменено компанией')),
                ('requested_by', models.CharField(max_length=150, verbose_name='кто отправил')),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='отправлено')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='закончено')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shared_deliveries', to='tenants.gascompany', verbose_name='компания')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.sharedversion', verbose_name='версия')),
            ],
            options={
                'verbose_name': 'доставка общего материала',
                'verbose_name_plural': 'доставки общих материалов',
                'db_table': '"public"."tenants_shareddelivery"',
                'ordering': ['pk'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='companyarchive',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='companyarchive_due'),
        ),
        migrations.AddIndex(
            model_name='archiverun',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='archiverun_due'),
        ),
        migrations.AddConstraint(
            model_name='legalrecord',
            constraint=models.UniqueConstraint(fields=('code', 'company', 'valid_from'), name='legal_record_once', nulls_distinct=False, violation_error_message='На этот день правило уже задано: исправьте ту запись.'),
        ),
        migrations.AddConstraint(
            model_name='legalrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day', None), ('number', None)), models.Q(('number', None), ('text', '')), models.Q(('day', None), ('text', '')), _connector='OR'), name='legal_record_one_value', violation_error_message='Заполните что-то одно: число, дату или текст.'),
        ),
        migrations.AddIndex(
            model_name='provisioningrun',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='provisioningrun_due'),
        ),
        migrations.AddIndex(
            model_name='shareddelivery',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='shareddelivery_due'),
        ),
        migrations.AddConstraint(
            model_name='shareddelivery',
            constraint=models.UniqueConstraint(fields=('item', 'company'), name='shared_delivery_once'),
        ),
        # What companies' constraints over a desk and a time need; its own schema is in nobody's path.
        migrations.RunSQL("CREATE SCHEMA IF NOT EXISTS extensions", migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions", migrations.RunSQL.noop
        ),
    ]
