import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import encrypted_fields.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('cms_pages', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='FindingCode',
            fields=[
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('code_expires_at', models.DateTimeField(blank=True, null=True)),
                ('code_tries_left', models.SmallIntegerField(default=5)),
                ('key', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('sent_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AppointmentService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, unique=True, verbose_name='название')),
                ('hint', models.CharField(blank=True, max_length=300, verbose_name='подсказка')),
                ('bring', models.TextField(blank=True, help_text='По одному на строке.', max_length=1000, verbose_name='что взять с собой')),
                ('minutes', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(240)], verbose_name='длится, минут')),
                ('is_offered', models.BooleanField(default=True, verbose_name='предлагать')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='порядок')),
                ('centres', models.ManyToManyField(blank=True, help_text='Если не отметить ни одного — во всех, где есть окна.', related_name='+', to='cms_pages.servicecentre', verbose_name='в каких центрах')),
            ],
            options={
                'verbose_name': 'услуга приёма',
                'verbose_name_plural': 'услуги приёма',
                'ordering': ['order', 'name'],
            },
        ),
        migrations.CreateModel(
            name='AppointmentSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(default=True, verbose_name='принимать записи')),
                ('backend', models.CharField(default='local', max_length=30, verbose_name='кто ведёт очередь')),
                ('days_ahead', models.PositiveSmallIntegerField(default=21, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='на сколько дней вперёд')),
                ('notice_minutes', models.PositiveSmallIntegerField(default=60, help_text='За столько минут до начала записаться на это время уже нельзя.', validators=[django.core.validators.MaxValueValidator(2880)], verbose_name='закрывать за, минут')),
                ('offer_minutes', models.PositiveSmallIntegerField(default=60, help_text='Когда время освобождается, мы предлагаем его первому в листе ожидания. Если он не ответит, предложим следующему. Ночью у него есть время до утра.', validators=[django.core.validators.MinValueValidator(15), django.core.validators.MaxValueValidator(1440)], verbose_name='сколько минут ждать ответа')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'запись на приём',
            },
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Например: Окно 1.', max_length=50, verbose_name='название')),
                ('is_open', models.BooleanField(default=True, verbose_name='принимает по записи')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='порядок')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desks', to='cms_pages.servicecentre', verbose_name='центр')),
                ('services', models.ManyToManyField(blank=True, help_text='Если не отметить ни одной — все.', related_name='desks', to='appointments.appointmentservice', verbose_name='услуги')),
            ],
            options={
                'verbose_name': 'окно',
                'verbose_name_plural': 'окна',
                'ordering': ['centre', 'order', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('code_expires_at', models.DateTimeField(blank=True, null=True)),
                ('code_tries_left', models.SmallIntegerField(default=5)),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=9, unique=True, verbose_name='номер')),
                ('state', models.CharField(choices=[('held', 'Ждёт подтверждения'), ('booked', 'Вы записаны'), ('arrived', 'Приём состоялся'), ('missed', 'Вы не пришли'), ('cancelled', 'Запись отменена'), ('expired', 'Запись не подтверждена')], max_length=10, verbose_name='состояние')),
                ('source', models.CharField(choices=[('guest', 'без регистрации'), ('cabinet', 'личный кабинет'), ('waiting', 'лист ожидания'), ('operator', 'записал оператор'), ('walk_in', 'пришёл без записи')], max_length=10, verbose_name='откуда')),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='время')),
                ('starts_at', models.DateTimeField(verbose_name='начало')),
                ('service_name', models.CharField(max_length=150, verbose_name='услуга')),
                ('subscriber_id', models.UUIDField(blank=True, null=True, verbose_name='абонент')),
                ('contact_name', models.CharField(blank=True, max_length=150, verbose_name='имя')),
                ('phone', models.CharField(blank=True, max_length=16, verbose_name='телефон')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
                ('comment', models.CharField(blank=True, max_length=300, verbose_name='с чем придёте')),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('code_sent_at', models.DateTimeField(blank=True, null=True)),
                ('code_to', models.CharField(blank=True, max_length=254)),
                ('link_hash', models.CharField(blank=True, max_length=64)),
                ('link_secret', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создано')),
                ('state_since', models.DateTimeField(auto_now_add=True, verbose_name='в этом состоянии с')),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('called_about', models.CharField(blank=True, max_length=60)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.personalaccount')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cms_pages.servicecentre', verbose_name='центр')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='appointments.appointmentservice')),
                ('desk', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='appointments.desk', verbose_name='окно')),
            ],
            options={
                'verbose_name': 'запись на приём',
                'verbose_name_plural': 'записи на приём',
                'permissions': [('serve_appointment', 'Может вести приём по записи'), ('see_appointment_figures', 'Может смотреть сводку приёма')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DeskAbsence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='с даты')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='по дату')),
                ('from_time', models.TimeField(blank=True, null=True, verbose_name='с')),
                ('to_time', models.TimeField(blank=True, null=True, verbose_name='до')),
                ('reason', models.CharField(blank=True, max_length=100, verbose_name='причина')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='appointments.desk', verbose_name='окно')),
            ],
            options={
                'verbose_name': 'перерыв окна',
                'verbose_name_plural': 'когда окна не принимают',
                'ordering': ['-first_day'],
            },
        ),
        migrations.CreateModel(
            name='WaitingEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('code_expires_at', models.DateTimeField(blank=True, null=True)),
                ('code_tries_left', models.SmallIntegerField(default=5)),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('unconfirmed', 'Ждёт подтверждения'), ('waiting', 'В листе ожидания'), ('offered', 'Предложено время'), ('accepted', 'Записан'), ('left', 'Вышел из листа'), ('over', 'Срок вышел')], max_length=15, verbose_name='состояние')),
                ('first_day', models.DateField(verbose_name='с даты')),
                ('last_day', models.DateField(verbose_name='по дату')),
                ('subscriber_id', models.UUIDField(blank=True, null=True, verbose_name='абонент')),
                ('contact_name', models.CharField(blank=True, max_length=150, verbose_name='имя')),
                ('phone', models.CharField(blank=True, max_length=16, verbose_name='телефон')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
                ('code_sent_at', models.DateTimeField(blank=True, null=True)),
                ('known', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), blank=True, default=list, size=None)),
                ('seen', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), blank=True, default=list, size=None)),
                ('link_hash', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создано')),
                ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='appointments.appointment')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms_pages.servicecentre')),
                ('offered', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='offered_to', to='appointments.appointment')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='appointments.appointmentservice')),
            ],
            options={
                'verbose_name': 'лист ожидания',
                'verbose_name_plural': 'лист ожидания',
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='desk',
            constraint=models.UniqueConstraint(fields=('centre', 'name'), name='desk_name_once'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['centre', 'starts_at'], name='appointment_day'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['starts_at'], name='appointment_start'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['subscriber_id', '-starts_at'], name='appointment_of_person'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='appointment_phone'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email'], name='appointment_email'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['held_until'], name='appointment_held'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('state', 'expired')), fields=['state_since'], name='appointment_unconfirmed'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='appointment_to_remind'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'held'), ('state', 'booked'), ('state', 'arrived'), _connector='OR'), expressions=[('desk', '='), ('during', '&&')], name='appointment_window_once'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('link_hash', ''), _negated=True), fields=('link_hash',), name='appointment_link_once'),
        ),
        migrations.AddIndex(
            model_name='waitingentry',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['centre', 'service', 'created_at'], name='waiting_queue'),
        ),
        migrations.AddIndex(
            model_name='waitingentry',
            index=models.Index(fields=['subscriber_id'], name='waiting_of_person'),
        ),
        migrations.AddConstraint(
            model_name='waitingentry',
            constraint=models.UniqueConstraint(condition=models.Q(('link_hash', ''), _negated=True), fields=('link_hash',), name='waiting_link_once'),
        ),
    ]
