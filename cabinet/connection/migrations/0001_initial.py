import cabinet.connection.models.fields
import django.core.validators
import django.db.models.deletion
import portal.formats.phones
import uuid
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='EquipmentType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='название')),
                ('flow', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='расход, м³/ч')),
                ('is_offered', models.BooleanField(default=True, verbose_name='предлагать')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='порядок')),
            ],
            options={
                'verbose_name': 'вид оборудования',
                'verbose_name_plural': 'виды оборудования',
                'ordering': ['order', 'name'],
            },
        ),
        migrations.CreateModel(
            name='PaperType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='название')),
                ('hint', models.CharField(blank=True, max_length=300, verbose_name='подсказка')),
                ('when', models.CharField(choices=[('always', 'всегда'), ('agent', 'если подаёт представитель'), ('rent', 'если участок в аренде или ином пользовании'), ('unregistered', 'если право не в ЕГРН'), ('shared', 'если собственников несколько'), ('large_flow', 'если расход больше предела без расчёта'), ('garden', 'если дом в садовом товариществе')], max_length=15, verbose_name='когда нужен')),
                ('is_required', models.BooleanField(default=True, verbose_name='обязательный')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='порядок')),
            ],
            options={
                'verbose_name': 'документ к заявке',
                'verbose_name_plural': 'документы к заявке',
                'ordering': ['order', 'name'],
            },
        ),
        migrations.CreateModel(
            name='ConnectionApplication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='взято в работу')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток')),
                ('error', models.TextField(blank=True, verbose_name='последняя ошибка')),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('code_expires_at', models.DateTimeField(blank=True, null=True)),
                ('code_tries_left', models.SmallIntegerField(default=5)),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('due_at', models.DateTimeField(blank=True, default=None, null=True, verbose_name='не раньше')),
                ('number', models.CharField(blank=True, max_length=9, null=True, unique=True, verbose_name='номер')),
                ('state', models.CharField(choices=[('draft', 'Черновик'), ('submitted', 'Отправлена'), ('incomplete', 'Нужны документы'), ('forwarded', 'Передана получателю'), ('registered', 'Зарегистрирована'), ('offered', 'Договор готов'), ('signed', 'Договор заключён'), ('building', 'Идут работы'), ('ready', 'Готово к пуску газа'), ('done', 'Газ подключён'), ('refused', 'Отказано'), ('withdrawn', 'Отозвана')], default='draft', max_length=12, verbose_name='состояние')),
                ('subscriber_id', models.UUIDField(blank=True, null=True, verbose_name='абонент')),
                ('secret_hash', models.CharField(blank=True, max_length=64)),
                ('answers', cabinet.connection.models.fields.EncryptedAnswersField(default=dict, verbose_name='ответы')),
                ('applicant_name', models.CharField(blank=True, max_length=200, verbose_name='заявитель')),
                ('phone', models.CharField(blank=True, max_length=16, verbose_name='телефон')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='адрес объекта')),
                ('cadastral_number', models.CharField(blank=True, max_length=40, verbose_name='кадастровый номер')),
                ('flow', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='расход, м³/ч')),
                ('code_sent_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='начата')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='изменена')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='отправлена')),
                ('forwarded_at', models.DateTimeField(blank=True, null=True, verbose_name='передана')),
                ('letters_at', models.DateTimeField(blank=True, null=True)),
                ('recipient', models.CharField(blank=True, max_length=200, verbose_name='получатель')),
                ('recipient_number', models.CharField(blank=True, max_length=60, verbose_name='номер у получателя')),
                ('registered_on', models.DateField(blank=True, null=True, verbose_name='зарегистрирована')),
                ('category', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='категория')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='срок')),
                ('state_since', models.DateTimeField(auto_now_add=True, verbose_name='в этом состоянии с')),
                ('is_unread', models.BooleanField(default=False, verbose_name='не прочитано заявителем')),
                ('forgotten_at', models.DateTimeField(blank=True, null=True, verbose_name='данные удалены')),
            ],
            options={
                'verbose_name': 'заявка на присоединение',
                'verbose_name_plural': 'заявки на присоединение',
                'permissions': [('serve_connection', 'Может вести заявки на присоединение')],
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='connectionapplication_due'), models.Index(fields=['subscriber_id', '-created_at'], name='connection_of_person'), models.Index(fields=['state', '-submitted_at'], name='connection_state'), models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='connection_phone'), models.Index(condition=models.Q(('secret_hash', ''), _negated=True), fields=['secret_hash'], name='connection_secret'), models.Index(condition=models.Q(('state', 'draft')), fields=['changed_at'], name='connection_draft_age'), models.Index(condition=models.Q(('forgotten_at', None), models.Q(('state', 'done'), ('state', 'refused'), ('state', 'withdrawn'), _connector='OR')), fields=['state_since'], name='connection_to_forget')],
            },
        ),
        migrations.CreateModel(
            name='ConnectionNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='заметка')),
                ('by_staff', models.CharField(max_length=150, verbose_name='кто')),
                ('form_key', models.UUIDField(unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='записано')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='connection.connectionapplication')),
            ],
            options={
                'verbose_name': 'заметка к заявке',
                'verbose_name_plural': 'заметки к заявкам',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ConnectionSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(default=False, verbose_name='принимать заявки')),
                ('recipient', models.CharField(blank=True, help_text='Газораспределительная организация или единый оператор газификации.', max_length=200, verbose_name='получатель')),
                ('recipient_phone', portal.formats.phones.PhoneNumberField(blank=True, max_length=16, verbose_name='телефон получателя')),
                ('recipient_site', models.URLField(blank=True, verbose_name='сайт получателя')),
                ('way', models.CharField(choices=[('exchange', 'через обмен: получатель забирает заявки сам'), ('mail', 'письмом с документами'), ('hand', 'вручную: передаёт оператор')], default='hand', max_length=10, verbose_name='как передавать')),
                ('recipient_email', models.EmailField(blank=True, help_text='На этот адрес уйдут заявка и документы, если выбрано письмо.', max_length=254, verbose_name='почта получателя')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'технологическое присоединение',
            },
        ),
        migrations.CreateModel(
            name='PaperRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='какой документ')),
                ('text', models.TextField(blank=True, max_length=1000, verbose_name='что исправить или приложить')),
                ('by_staff', models.CharField(blank=True, max_length=150, verbose_name='кто')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='запрошен')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='получен')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='connection.connectionapplication')),
            ],
            options={
                'verbose_name': 'запрос документа',
                'verbose_name_plural': 'запросы документов',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ConnectionPaper',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('extension', models.CharField(max_length=5, verbose_name='вид файла')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='получено')),
                ('kind', models.CharField(choices=[('paper', 'документ заявителя'), ('contract', 'договор'), ('other', 'другой документ компании')], default='paper', max_length=10)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='документ')),
                ('name', models.CharField(max_length=200, verbose_name='имя файла')),
                ('size', models.PositiveIntegerField(verbose_name='размер, байт')),
                ('forwarded_at', models.DateTimeField(blank=True, null=True, verbose_name='передан')),
                ('by_staff', models.CharField(blank=True, max_length=150, verbose_name='кто приложил')),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='papers', to='connection.connectionapplication')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='papers', to='connection.paperrequest')),
                ('paper_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='connection.papertype')),
            ],
            options={
                'verbose_name': 'документ заявки',
                'verbose_name_plural': 'документы заявок',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ConnectionEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Черновик'), ('submitted', 'Отправлена'), ('incomplete', 'Нужны документы'), ('forwarded', 'Передана получателю'), ('registered', 'Зарегистрирована'), ('offered', 'Договор готов'), ('signed', 'Договор заключён'), ('building', 'Идут работы'), ('ready', 'Готово к пуску газа'), ('done', 'Газ подключён'), ('refused', 'Отказано'), ('withdrawn', 'Отозвана')], max_length=12)),
                ('text', models.TextField(blank=True, verbose_name='пояснение')),
                ('by_staff', models.CharField(blank=True, max_length=150, verbose_name='кто')),
                ('happened_on', models.DateField(verbose_name='день')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='записано')),
                ('application', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='connection.connectionapplication')),
            ],
            options={
                'verbose_name': 'событие заявки',
                'verbose_name_plural': 'события заявок',
                'default_permissions': (),
                'indexes': [models.Index(fields=['application', 'id'], name='connection_events')],
            },
        ),
    ]
