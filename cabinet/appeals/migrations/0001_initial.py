import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import modelcluster.fields
import portal.formats.phones
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('cms_pages', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AppealKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, unique=True, verbose_name='название')),
                ('hint', models.TextField(blank=True, help_text='Показывается над формой.', max_length=1000, verbose_name='подсказка')),
                ('is_offered', models.BooleanField(default=True, verbose_name='предлагать абонентам')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='порядок')),
                ('term', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='срок ответа')),
                ('term_unit', models.CharField(choices=[('hours', 'рабочих часов'), ('working_days', 'рабочих дней'), ('calendar_days', 'календарных дней')], default='working_days', max_length=15, verbose_name='срок считать в')),
                ('files', models.CharField(choices=[('none', 'не принимать'), ('allowed', 'можно приложить'), ('required', 'обязательно')], default='allowed', max_length=10, verbose_name='файлы')),
                ('files_hint', models.CharField(blank=True, help_text='Например: фото счётчика.', max_length=300, verbose_name='что приложить')),
                ('centre', models.ForeignKey(blank=True, help_text='Пусто — центр обслуживания лицевого счёта.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cms_pages.servicecentre', verbose_name='кто отвечает')),
            ],
            options={
                'verbose_name': 'вид обращения',
                'verbose_name_plural': 'виды обращений',
                'ordering': ['order', 'name'],
            },
        ),
        migrations.CreateModel(
            name='AppealField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('label', models.CharField(max_length=100, verbose_name='название')),
                ('type', models.CharField(choices=[('line', 'строка'), ('text', 'текст в несколько строк'), ('number', 'число'), ('date', 'дата'), ('choice', 'выбор из списка'), ('tick', 'отметка')], default='line', max_length=10, verbose_name='вид поля')),
                ('choices', models.TextField(blank=True, help_text='Для выбора из списка, по одному на строке.', verbose_name='варианты')),
                ('hint', models.CharField(blank=True, max_length=300, verbose_name='подсказка')),
                ('is_required', models.BooleanField(default=False, verbose_name='обязательное')),
                ('kind', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='fields', to='appeals.appealkind')),
            ],
            options={
                'verbose_name': 'поле',
                'verbose_name_plural': 'поля',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(editable=False, unique=True)),
                ('source', models.CharField(choices=[('cabinet', 'личный кабинет'), ('site', 'форма на сайте'), ('operator', 'записал оператор'), ('max', 'MAX'), ('mail', 'почта')], max_length=10, verbose_name='откуда')),
                ('subscriber_id', models.UUIDField(blank=True, null=True, verbose_name='абонент')),
                ('kind_name', models.CharField(max_length=150, verbose_name='вид обращения')),
                ('question', models.CharField(blank=True, max_length=200, verbose_name='вопрос')),
                ('contact_name', models.CharField(blank=True, max_length=150, verbose_name='контактное лицо')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='телефон')),
                ('text', models.TextField(verbose_name='текст обращения')),
                ('answers', models.JSONField(blank=True, default=list, verbose_name='поля')),
                ('context', models.CharField(blank=True, max_length=300, verbose_name='о чём')),
                ('state', models.CharField(choices=[('new', 'Принято'), ('in_work', 'В работе'), ('waiting', 'Ждём вашего ответа'), ('answered', 'Ответ дан в личном кабинете'), ('done', 'Выполнено'), ('withdrawn', 'Отозвано')], default='new', max_length=10, verbose_name='статус')),
                ('locked_until', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='ответить до')),
                ('time_left', models.IntegerField(blank=True, null=True, verbose_name='осталось, с')),
                ('term', models.PositiveSmallIntegerField(default=10, verbose_name='срок ответа')),
                ('term_unit', models.CharField(choices=[('hours', 'рабочих часов'), ('working_days', 'рабочих дней'), ('calendar_days', 'календарных дней')], default='working_days', max_length=15)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создано')),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='в этом статусе с')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='отвечено')),
                ('is_late', models.BooleanField(blank=True, null=True, verbose_name='отвечено позже срока')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='закрыто')),
                ('is_unread', models.BooleanField(default=False, verbose_name='не прочитано абонентом')),
                ('has_news', models.BooleanField(default=True, verbose_name='есть новое от абонента')),
                ('is_solved', models.BooleanField(blank=True, null=True, verbose_name='решено')),
                ('mark', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='оценка')),
                ('mark_comment', models.TextField(blank=True, max_length=1000, verbose_name='отзыв')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='accounts.personalaccount', verbose_name='лицевой счёт')),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='у кого')),
                ('centre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cms_pages.servicecentre', verbose_name='центр обслуживания')),
                ('locked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='appeals', to='appeals.appealkind')),
            ],
            options={
                'verbose_name': 'обращение',
                'verbose_name_plural': 'обращения',
                'permissions': [('serve_appeal', 'Может отвечать на обращения'), ('see_appeal_figures', 'Может смотреть сводку обращений')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AppealMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(editable=False, unique=True)),
                ('author', models.CharField(choices=[('subscriber', 'абонент'), ('staff', 'компания'), ('note', 'заметка операторов')], max_length=10)),
                ('author_name', models.CharField(blank=True, max_length=150, verbose_name='кто')),
                ('text', models.TextField(verbose_name='текст')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='когда')),
                ('appeal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='appeals.appeal')),
            ],
            options={
                'verbose_name': 'сообщение обращения',
                'verbose_name_plural': 'сообщения обращений',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AppealFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('extension', models.CharField(max_length=5, verbose_name='вид файла')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='получено')),
                ('form_key', models.UUIDField(editable=False)),
                ('subscriber_id', models.UUIDField(null=True, verbose_name='абонент')),
                ('by_staff', models.CharField(blank=True, max_length=150, verbose_name='кто приложил')),
                ('name', models.CharField(max_length=200, verbose_name='имя файла')),
                ('size', models.PositiveIntegerField(verbose_name='размер, байт')),
                ('is_internal', models.BooleanField(default=False, verbose_name='только для операторов')),
                ('appeal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='files', to='appeals.appeal')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='files', to='appeals.appealmessage')),
            ],
            options={
                'verbose_name': 'файл обращения',
                'verbose_name_plural': 'файлы обращений',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AppealQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('text', models.CharField(max_length=200, verbose_name='вопрос')),
                ('hint', models.CharField(blank=True, max_length=500, verbose_name='подсказка')),
                ('kind', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='appeals.appealkind')),
            ],
            options={
                'verbose_name': 'вопрос',
                'verbose_name_plural': 'вопросы',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CannedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=100, verbose_name='название')),
                ('text', models.TextField(max_length=5000, verbose_name='текст')),
                ('kind', models.ForeignKey(blank=True, help_text='Пусто — для всех.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='canned_answers', to='appeals.appealkind', verbose_name='для вида обращений')),
            ],
            options={
                'verbose_name': 'готовый ответ',
                'verbose_name_plural': 'готовые ответы',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('emergency', 'авария'), ('planned', 'плановые работы')], max_length=10, verbose_name='что это')),
                ('title', models.CharField(max_length=120, verbose_name='заголовок')),
                ('text', models.TextField(blank=True, max_length=1000, verbose_name='что происходит')),
                ('streets', models.TextField(blank=True, help_text='По одной на строке, с населённым пунктом: «Псков, Рижский пр.». Показываем всей улице, даже если вы перечислите дома. Пусто — все адреса центров и районов.', verbose_name='улицы')),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='работы с')),
                ('ends_at', models.DateTimeField(blank=True, help_text='Тогда объявление исчезнет само. Пусто — пока не нажмёте «Закончить».', null=True, verbose_name='работы до')),
                ('shown_from', models.DateTimeField(default=django.utils.timezone.now, help_text='О плановых работах сообщают заранее, об аварии — сразу.', verbose_name='показывать с')),
                ('centres', modelcluster.fields.ParentalManyToManyField(blank=True, help_text='Ни центры, ни районы не отмечены — вся область.', to='cms_pages.servicecentre', verbose_name='центры обслуживания')),
                ('districts', modelcluster.fields.ParentalManyToManyField(blank=True, to='cms_pages.district', verbose_name='районы')),
            ],
            options={
                'verbose_name': 'авария или работы',
                'verbose_name_plural': 'аварии и работы',
                'ordering': ['-starts_at'],
            },
        ),
        migrations.CreateModel(
            name='Responsibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('supply', 'Поставка газа, счета и оплата'), ('networks', 'Газовые сети, запах газа, нет газа в доме'), ('equipment', 'Газовое оборудование в доме: ремонт и обслуживание'), ('meters', 'Счётчики: поверка, замена, пломбировка')], max_length=10, verbose_name='с чем')),
                ('is_ours', models.BooleanField(default=False, help_text='Тогда абонент пишет нам; иначе звонит тому, кто указан ниже.', verbose_name='отвечает наша компания')),
                ('firm', models.CharField(max_length=150, verbose_name='организация')),
                ('phone', portal.formats.phones.PhoneNumberField(blank=True, max_length=16, verbose_name='телефон')),
                ('site', models.URLField(blank=True, verbose_name='сайт')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='пояснение')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='порядок')),
                ('district', models.ForeignKey(blank=True, help_text='Пусто — вся область.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms_pages.district', verbose_name='район')),
            ],
            options={
                'verbose_name': 'кто за что отвечает',
                'verbose_name_plural': 'кто за что отвечает',
                'ordering': ['topic', 'order', 'firm'],
            },
        ),
        migrations.CreateModel(
            name='AppealDraft',
            fields=[
                ('form_key', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('subscriber_id', models.UUIDField(verbose_name='абонент')),
                ('data', models.JSONField(default=dict, verbose_name='написанное')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='изменено')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.personalaccount')),
                ('kind', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='appeals.appealkind')),
            ],
            options={
                'verbose_name': 'черновик обращения',
                'verbose_name_plural': 'черновики обращений',
                'default_permissions': (),
                'indexes': [models.Index(fields=['subscriber_id', 'account'], name='appeal_draft_of_person'), models.Index(fields=['changed_at'], name='appeal_draft_age')],
            },
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['subscriber_id', '-created_at'], name='appeal_of_person'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('state__in', ['new', 'in_work'])), fields=['due_at', 'id'], name='appeal_queue'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['state', '-created_at'], name='appeal_state'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['created_at'], name='appeal_created'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(django.db.models.functions.text.Upper('email'), name='appeal_email'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(models.Func(models.F('contact_name'), models.Value('ёЁ'), models.Value('еЕ'), function='TRANSLATE', output_field=models.TextField()), models.Func(models.F('text'), models.Value('ёЁ'), models.Value('еЕ'), function='TRANSLATE', output_field=models.TextField()), config='russian'), name='appeal_words'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('mark', None), models.Q(('mark__gte', 1), ('mark__lte', 5)), _connector='OR'), name='appeal_mark_range'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('due_at', None), ('time_left', None), _connector='OR'), name='appeal_clock_runs_or_stands'),
        ),
        migrations.AddIndex(
            model_name='appealmessage',
            index=models.Index(fields=['appeal', 'id'], name='appeal_messages'),
        ),
        migrations.AddIndex(
            model_name='appealmessage',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(models.Func(models.F('text'), models.Value('ёЁ'), models.Value('еЕ'), function='TRANSLATE', output_field=models.TextField()), config='russian'), name='appeal_message_words'),
        ),
        migrations.AddIndex(
            model_name='appealfile',
            index=models.Index(fields=['form_key'], name='appeal_file_form'),
        ),
        migrations.AddIndex(
            model_name='appealfile',
            index=models.Index(condition=models.Q(('appeal', None)), fields=['created_at'], name='appeal_file_pending'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='incident_ends_after_start'),
        ),
    ]
