import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import encrypted_fields.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('due_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='не раньше')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='взято в работу')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток')),
                ('error', models.TextField(blank=True, verbose_name='последняя ошибка')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=50, verbose_name='вид')),
                ('channel', models.CharField(choices=[('email', 'электронная почта'), ('sms', 'СМС'), ('max', 'MAX'), ('push', 'уведомление в браузере')], default='email', max_length=10, verbose_name='канал')),
                ('recipient', encrypted_fields.fields.EncryptedTextField(verbose_name='получатель')),
                ('reply_to', encrypted_fields.fields.EncryptedTextField(null=True, verbose_name='кому отвечать')),
                ('person', models.UUIDField(blank=True, null=True, verbose_name='абонент')),
                ('account_number', models.CharField(blank=True, max_length=30, verbose_name='лицевой счёт')),
                ('subscription', models.UUIDField(blank=True, null=True, verbose_name='подписка')),
                ('mailing', models.UUIDField(blank=True, null=True, verbose_name='рассылка')),
                ('subject', encrypted_fields.fields.EncryptedTextField(null=True, verbose_name='тема')),
                ('text', encrypted_fields.fields.EncryptedTextField(null=True, verbose_name='текст')),
                ('html', encrypted_fields.fields.EncryptedTextField(null=True, verbose_name='разметка')),
                ('context', encrypted_fields.fields.EncryptedTextField(null=True, verbose_name='данные шаблона')),
                ('unsubscribe_url', encrypted_fields.fields.EncryptedTextField(null=True, verbose_name='адрес отписки')),
                ('state', models.CharField(choices=[('pending', 'ждёт отправки'), ('sent', 'отправлено'), ('delivered', 'доставлено'), ('unknown', 'неизвестно, дошло ли'), ('failed', 'не отправлено')], default='pending', max_length=10, verbose_name='состояние')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создано')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='имеет смысл до')),
                ('handed_at', models.DateTimeField(blank=True, null=True, verbose_name='передано')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='отправлено')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='доставлено')),
                ('failure', models.CharField(blank=True, choices=[('no_such', 'такого адреса или номера нет'), ('full', 'ящик переполнен'), ('refused', 'получатель не принимает сообщения'), ('blocked', 'получатель остановил бота'), ('undelivered', 'оператор связи не доставил'), ('late', 'не успели отправить вовремя'), ('limit', 'слишком много сообщений за день'), ('unreachable', 'почта или шлюз не ответили')], max_length=20, verbose_name='почему не отправлено')),
                ('repeats', models.PositiveSmallIntegerField(default=0, verbose_name='отправлено ещё раз')),
                ('provider_id', models.CharField(blank=True, max_length=100, verbose_name='номер у шлюза')),
                ('ask_at', models.DateTimeField(blank=True, null=True, verbose_name='спросить о доставке')),
            ],
            options={
                'verbose_name': 'сообщение',
                'verbose_name_plural': 'сообщения',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='имя файла')),
                ('content_type', models.CharField(max_length=100, verbose_name='тип')),
                ('content', encrypted_fields.fields.EncryptedTextField(null=True, verbose_name='содержимое')),
                ('path', models.CharField(blank=True, max_length=200, verbose_name='файл в хранилище')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='messaging.message')),
            ],
            options={
                'verbose_name': 'вложение',
                'verbose_name_plural': 'вложения',
            },
        ),
        migrations.CreateModel(
            name='MessageSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiet_from', models.PositiveSmallIntegerField(default=21, validators=[django.core.validators.MaxValueValidator(23)], verbose_name='не писать с (час)')),
                ('quiet_until', models.PositiveSmallIntegerField(default=9, validators=[django.core.validators.MaxValueValidator(23)], verbose_name='не писать до (час)')),
                ('sms_sender', models.CharField(blank=True, help_text='Имя отправителя, согласованное с оператором связи: латинские буквы и цифры.', max_length=11, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9 ._-]+\\Z', 'Латинские буквы и цифры, до 11 знаков.')], verbose_name='подпись СМС')),
                ('sender_name', models.CharField(blank=True, max_length=80, verbose_name='от чьего имени письма')),
                ('reply_to', models.EmailField(blank=True, max_length=254, verbose_name='куда приходят ответы на письма')),
                ('signature', models.TextField(blank=True, max_length=500, verbose_name='подпись в письмах')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'отправка сообщений',
            },
        ),
        migrations.CreateModel(
            name='MessageTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=50, verbose_name='вид')),
                ('version', models.PositiveIntegerField(verbose_name='версия')),
                ('is_standard', models.BooleanField(default=False, verbose_name='текст портала')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='тема письма')),
                ('text', models.TextField(blank=True, verbose_name='текст письма')),
                ('short_text', models.CharField(blank=True, max_length=500, verbose_name='текст СМС и MAX')),
                ('author', models.CharField(blank=True, max_length=150, verbose_name='кто изменил')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='изменён')),
            ],
            options={
                'verbose_name': 'текст сообщения',
                'verbose_name_plural': 'тексты сообщений',
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='message_template_version')],
            },
        ),
        migrations.AddField(
            model_name='message',
            name='template',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.messagetemplate', verbose_name='текст'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='message_due'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('person__isnull', False)), fields=['person'], name='message_of_person'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('mailing__isnull', False)), fields=['mailing', 'state'], name='message_of_mailing'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('ask_at__isnull', False)), fields=['ask_at'], name='message_to_ask_about'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['-created_at'], name='message_newest_first'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('account_number', ''), _negated=True), fields=['account_number'], name='message_about_account'),
        ),
    ]
