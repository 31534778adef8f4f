import cms_pages.brand.colours
import cms_pages.brand.requisites
import cms_pages.fields
import cms_pages.pages.subjects
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import portal.formats.phones
import uuid
import wagtail.contrib.forms.models
import wagtail.contrib.routable_page.models
import wagtail.fields
import wagtail.models.preview
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
        ('wagtaildocs', '0014_alter_document_file_size'),
        ('wagtailimages', '0027_image_description'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='название')),
            ],
            options={
                'verbose_name': 'район',
                'verbose_name_plural': 'районы',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', wagtail.fields.RichTextField(blank=True, verbose_name='вступление')),
                ('notice', models.CharField(blank=True, help_text='Под вступлением, пока не сотрёте. Пример: «До 25-го числа передайте показания».', max_length=300, verbose_name='объявление')),
                ('notice_kind', models.CharField(choices=[('info', 'к сведению'), ('warning', 'внимание'), ('danger', 'опасность')], default='info', max_length=10, verbose_name='вид объявления')),
                ('quick_links', cms_pages.fields.BodyField(blank=True, help_text='Первые ссылки со значками «карта» и «работы» стоят вверху страницы.', verbose_name='быстрые ссылки')),
                ('contacts', cms_pages.fields.BodyField(blank=True, verbose_name='контакты')),
            ],
            options={
                'verbose_name': 'главная страница',
                'verbose_name_plural': 'главные страницы',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='NewsCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='название')),
                ('slug', models.SlugField(allow_unicode=True, help_text='Например, raboty', max_length=60, unique=True, verbose_name='в адресе')),
            ],
            options={
                'verbose_name': 'рубрика новостей',
                'verbose_name_plural': 'рубрики новостей',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ServiceCentreIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', wagtail.fields.RichTextField(blank=True, verbose_name='вступление')),
            ],
            options={
                'verbose_name': 'центры обслуживания',
                'verbose_name_plural': 'страницы центров обслуживания',
            },
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='BrandSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('logo', models.FileField(blank=True, help_text='SVG, PNG, JPEG или WebP до 1 МБ. Лучше всего квадратный знак без надписи.', upload_to='brand', verbose_name='логотип')),
                ('brand_colour', models.CharField(default='#0057a8', help_text='Кнопки и ссылки. Надписи белым по нему должны читаться.', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}\\Z', 'Цвет — решётка и шесть знаков, например #0057a8.'), cms_pages.brand.colours.validate_readable], verbose_name='основной цвет')),
                ('accent_colour', models.CharField(default='#f4a62a', help_text='Только украшения: надписей этим цветом нет.', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}\\Z', 'Цвет — решётка и шесть знаков, например #0057a8.')], verbose_name='дополнительный цвет')),
                ('phone', portal.formats.phones.PhoneNumberField(blank=True, max_length=16, verbose_name='справочная')),
                ('contact_centre_phone', portal.formats.phones.PhoneNumberField(blank=True, max_length=16, verbose_name='контакт-центр')),
                ('emergency_phone', portal.formats.phones.PhoneNumberField(blank=True, max_length=16, verbose_name='аварийная служба')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
                ('app_store_url', models.URLField(blank=True, validators=[django.core.validators.RegexValidator('^https://(www\\.)?apps\\.apple\\.com/', 'Вставьте адрес страницы приложения из App Store: https://apps.apple.com/…')], verbose_name='App Store')),
                ('google_play_url', models.URLField(blank=True, validators=[django.core.validators.RegexValidator('^https://(www\\.)?play\\.google\\.com/', 'Вставьте адрес страницы приложения из Google Play: https://play.google.com/…')], verbose_name='Google Play')),
                ('rustore_url', models.URLField(blank=True, validators=[django.core.validators.RegexValidator('^https://(www\\.)?(?:apps\\.)?rustore\\.ru/', 'Вставьте адрес страницы приложения из RuStore: https://(?:apps.)?rustore.ru/…')], verbose_name='RuStore')),
                ('entry_text', models.TextField(blank=True, help_text='Одно-два предложения.', max_length=300, verbose_name='на странице входа')),
                ('footer_text', models.TextField(blank=True, max_length=300, verbose_name='внизу страниц')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('payment_page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='страница о способах оплаты')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'оформление и контакты',
                'verbose_name_plural': 'оформление и контакты',
                'permissions': [('publish_brandsettings', 'Может публиковать: brandsettings'), ('lock_brandsettings', 'Может закреплять: brandsettings'), ('unlock_brandsettings', 'Может откреплять: brandsettings')],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='CompanyRequisites',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('legal_name', models.CharField(blank=True, max_length=160, verbose_name='полное название')),
                ('inn', models.CharField(blank=True, max_length=10, validators=[cms_pages.brand.requisites.validate_inn], verbose_name='ИНН')),
                ('kpp', models.CharField(blank=True, max_length=9, validators=[cms_pages.brand.requisites.validate_kpp], verbose_name='КПП')),
                ('ogrn', models.CharField(blank=True, max_length=13, validators=[cms_pages.brand.requisites.validate_ogrn], verbose_name='ОГРН')),
                ('legal_address', models.CharField(blank=True, max_length=300, verbose_name='юридический адрес')),
                ('bank_name', models.CharField(blank=True, max_length=45, verbose_name='банк')),
                ('bic', models.CharField(blank=True, max_length=9, validators=[cms_pages.brand.requisites.validate_bic], verbose_name='БИК')),
                ('correspondent_account', models.CharField(blank=True, max_length=20, validators=[cms_pages.brand.requisites.validate_account], verbose_name='корреспондентский счёт')),
                ('settlement_account', models.CharField(blank=True, max_length=20, validators=[cms_pages.brand.requisites.validate_account], verbose_name='расчётный счёт')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'реквизиты',
                'permissions': [('view_legal_rules', 'Может видеть правовые нормы')],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='DocumentIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'документы',
                'verbose_name_plural': 'страницы документов',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='FormEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_data', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('submit_time', models.DateTimeField(auto_now_add=True, verbose_name='submit time')),
                ('title', models.CharField(max_length=255, verbose_name='форма')),
                ('answers', models.JSONField(default=list, verbose_name='ответы')),
                ('person', models.UUIDField(blank=True, db_index=True, null=True, verbose_name='абонент')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
                ('sent_to', models.TextField(blank=True, verbose_name='куда ушло письмо')),
                ('appeal_number', models.BigIntegerField(blank=True, db_index=True, null=True, verbose_name='номер обращения')),
                ('state', models.CharField(choices=[('new', 'новое'), ('read', 'прочитано'), ('answered', 'отвечено')], default='new', max_length=10, verbose_name='состояние')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='прочитано')),
                ('read_by', models.CharField(blank=True, max_length=150, verbose_name='кто прочитал')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='отвечено')),
                ('answered_by', models.CharField(blank=True, max_length=150, verbose_name='кто ответил')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={
                'verbose_name': 'сообщение с сайта',
                'verbose_name_plural': 'сообщения с сайта',
                'permissions': [('answer_formentry', 'Читать сообщения с сайта и отвечать на них')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FormPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('intro', wagtail.fields.RichTextField(blank=True, verbose_name='перед формой')),
                ('thanks', wagtail.fields.RichTextField(blank=True, help_text='Когда и как ответят.', verbose_name='после отправки')),
                ('button', models.CharField(default='Отправить', max_length=40, verbose_name='надпись на кнопке')),
                ('to_address', models.CharField(blank=True, help_text='Несколько адресов — через запятую. Без адреса письма приходят на общий адрес компании.', max_length=255, validators=[wagtail.contrib.forms.models.validate_to_address], verbose_name='куда слать письма')),
                ('opens_appeal', models.BooleanField(default=True, help_text='С номером и в срок, в разделе «Обращения». Снимите отметку для опросов, заявок и вопросов редакции: на них отвечают в разделе «Входящие».', verbose_name='операторы отвечают на сообщения как на обращения')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'страница с формой',
                'verbose_name_plural': 'страницы с формами',
            },
            bases=(wagtail.contrib.forms.models.FormMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='FormField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('clean_name', models.CharField(blank=True, default='', help_text='Safe name of the form field, the label converted to ascii_snake_case', max_length=255, verbose_name='name')),
                ('label', models.CharField(help_text='The label of the form field', max_length=255, verbose_name='label')),
                ('field_type', models.CharField(choices=[('singleline', 'Single line text'), ('multiline', 'Multi-line text'), ('email', 'Email'), ('number', 'Number'), ('url', 'URL'), ('checkbox', 'Checkbox'), ('checkboxes', 'Checkboxes'), ('dropdown', 'Drop down'), ('multiselect', 'Multiple select'), ('radio', 'Radio buttons'), ('date', 'Date'), ('datetime', 'Date/time'), ('hidden', 'Hidden field')], max_length=16, verbose_name='field type')),
                ('required', models.BooleanField(default=True, verbose_name='required')),
                ('choices', models.TextField(blank=True, help_text='Comma or new line separated list of choices. Only applicable in checkboxes, radio and dropdown.', verbose_name='choices')),
                ('default_value', models.TextField(blank=True, help_text='Default value. Comma or new line separated values supported for checkboxes.', verbose_name='default value')),
                ('help_text', models.CharField(blank=True, max_length=255, verbose_name='help text')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='form_fields', to='cms_pages.formpage')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ContactPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('contacts', cms_pages.fields.BodyField(blank=True, verbose_name='контакты')),
                ('map_url', models.URLField(blank=True, help_text='Например, на «Яндекс Карты» или 2ГИС.', verbose_name='ссылка на карту')),
                ('body', cms_pages.fields.BodyField(blank=True, verbose_name='содержание')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
                ('form_page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cms_pages.formpage', verbose_name='страница с формой «Написать нам»')),
            ],
            options={
                'verbose_name': 'контакты',
                'verbose_name_plural': 'страницы контактов',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='FormReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(editable=False, unique=True)),
                ('text', models.TextField(verbose_name='текст')),
                ('author', models.CharField(max_length=150, verbose_name='кто ответил')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='отправлено')),
                ('message', models.UUIDField(null=True, verbose_name='письмо')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='cms_pages.formentry')),
            ],
            options={
                'verbose_name': 'ответ на сообщение с сайта',
                'verbose_name_plural': 'ответы на сообщения с сайта',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FormRoute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('answer', models.CharField(max_length=255, verbose_name='если выбрано')),
                ('to_address', models.CharField(help_text='Несколько адресов — через запятую.', max_length=255, validators=[wagtail.contrib.forms.models.validate_to_address], verbose_name='письма приходят на')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='routes', to='cms_pages.formpage')),
            ],
            options={
                'verbose_name': 'адрес по теме',
                'verbose_name_plural': 'адреса по темам',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FundPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('figures', cms_pages.fields.BodyField(blank=True, verbose_name='показатели')),
                ('body', cms_pages.fields.BodyField(blank=True, verbose_name='содержание')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'о фонде',
                'verbose_name_plural': 'страницы о фонде',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='GuidePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('sections', cms_pages.fields.BodyField(blank=True, verbose_name='разделы')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'руководство пользователя',
                'verbose_name_plural': 'руководства пользователя',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='LegalDocumentPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('kind', models.CharField(choices=[('consent', 'согласие на обработку персональных данных'), ('policy', 'политика в отношении персональных данных'), ('terms', 'условия пользования личным кабинетом'), ('contract', 'договор'), ('other', 'другое')], default='other', max_length=20, verbose_name='вид')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'документ',
                'verbose_name_plural': 'документы',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='LegalVersionPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('number', models.CharField(help_text='Номер приказа или редакции.', max_length=40, verbose_name='номер')),
                ('effective_from', models.DateField(verbose_name='действует с')),
                ('text', wagtail.fields.RichTextField(verbose_name='текст')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtaildocs.document', verbose_name='подписанный экземпляр')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'редакция документа',
                'verbose_name_plural': 'редакции документа',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='NewsIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'новости',
                'verbose_name_plural': 'страницы новостей',
            },
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='NewsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('date', models.DateField(default=django.utils.timezone.localdate, verbose_name='дата')),
                ('picture_alt', models.CharField(blank=True, help_text='Для тех, кто не видит. Оставьте пустым, если снимок только украшает.', max_length=200, verbose_name='что на снимке')),
                ('body', cms_pages.fields.BodyField(blank=True, verbose_name='текст')),
                ('subject', models.CharField(blank=True, choices=cms_pages.pages.subjects.subject_choices, help_text='Стоит у новости без снимка. На одной странице рисунки не повторяются.', max_length=20, verbose_name='рисунок')),
                ('categories', modelcluster.fields.ParentalManyToManyField(blank=True, to='cms_pages.newscategory', verbose_name='рубрики')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'новость',
                'verbose_name_plural': 'новости',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='ReviewSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_wanted', models.BooleanField(default=False, help_text='Редактор отправит изменение на проверку, и на сайте останется прежнее, пока модератор его не опубликует. Сам модератор публикует сразу, и об аварии тоже.', verbose_name='срочные объявления, оформление, телефоны и центры проверяет модератор')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'проверка модератором',
                'permissions': [('publish_without_review', 'Может публиковать без проверки модератором')],
            },
        ),
        migrations.CreateModel(
            name='ServiceCentre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('code', models.CharField(help_text='Такой же, как в биллинге: по нему абонент видит свой центр.', max_length=50, unique=True, validators=[django.core.validators.RegexValidator('^\\w[\\w.-]*\\Z', 'Код — буквы, цифры, точка, дефис и подчёркивание, без пробелов.')], verbose_name='код')),
                ('name', models.CharField(max_length=150, verbose_name='название')),
                ('address', models.CharField(max_length=300, verbose_name='адрес')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(Decimal('-90')), django.core.validators.MaxValueValidator(Decimal('90'))], verbose_name='широта')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(Decimal('-180')), django.core.validators.MaxValueValidator(Decimal('180'))], verbose_name='долгота')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='электронная почта')),
                ('services', models.TextField(blank=True, help_text='По одной на строке.', verbose_name='услуги')),
                ('note', models.CharField(blank=True, help_text='Вход, этаж, автобус, пандус.', max_length=300, verbose_name='как пройти')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='centres', to='cms_pages.district', verbose_name='район')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('serves', modelcluster.fields.ParentalManyToManyField(blank=True, related_name='served_by', to='cms_pages.district', verbose_name='обслуживает районы')),
            ],
            options={
                'verbose_name': 'центр обслуживания',
                'verbose_name_plural': 'центры обслуживания',
                'ordering': ['district__name', 'name'],
                'permissions': [('publish_servicecentre', 'Может публиковать: servicecentre'), ('lock_servicecentre', 'Может закреплять: servicecentre'), ('unlock_servicecentre', 'Может откреплять: servicecentre')],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='открывается')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='закрывается')),
                ('break_from', models.TimeField(blank=True, null=True, verbose_name='обед с')),
                ('break_to', models.TimeField(blank=True, null=True, verbose_name='обед до')),
                ('first_day', models.IntegerField(choices=[(0, 'понедельник'), (1, 'вторник'), (2, 'среда'), (3, 'четверг'), (4, 'пятница'), (5, 'суббота'), (6, 'воскресенье')], default=0, verbose_name='с дня')),
                ('last_day', models.IntegerField(blank=True, choices=[(0, 'понедельник'), (1, 'вторник'), (2, 'среда'), (3, 'четверг'), (4, 'пятница'), (5, 'суббота'), (6, 'воскресенье')], help_text='Пусто — один день.', null=True, verbose_name='по день')),
                ('occurrence', models.IntegerField(choices=[(0, 'каждую неделю'), (1, 'только первый в месяце'), (2, 'только второй в месяце'), (3, 'только третий в месяце'), (4, 'только четвёртый в месяце'), (-1, 'только последний в месяце')], default=0, verbose_name='когда')),
                ('centre', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='cms_pages.servicecentre')),
            ],
            options={
                'verbose_name': 'часы работы',
                'verbose_name_plural': 'часы работы',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CentrePhone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('which', models.CharField(blank=True, choices=[('phone', 'справочная компании'), ('contact_centre_phone', 'контакт-центр компании'), ('emergency_phone', 'аварийная служба компании')], help_text='Изменится сам, когда его изменят в настройках.', max_length=20, verbose_name='телефон компании')),
                ('number', portal.formats.phones.PhoneNumberField(blank=True, max_length=16, verbose_name='или другой номер')),
                ('label', models.CharField(blank=True, help_text='Например: запись на приём.', max_length=60, verbose_name='подпись')),
                ('centre', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='phones', to='cms_pages.servicecentre')),
            ],
            options={
                'verbose_name': 'телефон',
                'verbose_name_plural': 'телефоны',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CentreClosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='открывается')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='закрывается')),
                ('break_from', models.TimeField(blank=True, null=True, verbose_name='обед с')),
                ('break_to', models.TimeField(blank=True, null=True, verbose_name='обед до')),
                ('first_date', models.DateField(verbose_name='с даты')),
                ('last_date', models.DateField(blank=True, help_text='Пусто — один день.', null=True, verbose_name='по дату')),
                ('reason', models.CharField(blank=True, max_length=100, verbose_name='причина')),
                ('centre', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='closures', to='cms_pages.servicecentre')),
            ],
            options={
                'verbose_name': 'праздник или особый день',
                'verbose_name_plural': 'праздники и особые дни',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SharedItem',
            fields=[
                ('date', models.DateField(default=django.utils.timezone.localdate, verbose_name='дата')),
                ('picture_alt', models.CharField(blank=True, help_text='Для тех, кто не видит. Оставьте пустым, если снимок только украшает.', max_length=200, verbose_name='что на снимке')),
                ('body', cms_pages.fields.BodyField(blank=True, verbose_name='текст')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('news', 'новость'), ('page', 'страница')], default='news', max_length=10, verbose_name='что это')),
                ('title', models.CharField(max_length=255, verbose_name='заголовок')),
                ('slug', models.SlugField(allow_unicode=True, blank=True, help_text='Например, pogoda-v-dome. Если оставить пустым, получится из заголовка.', max_length=200, verbose_name='в адресе')),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения под заголовком.', max_length=300, verbose_name='коротко')),
                ('section', models.CharField(blank=True, help_text='Адрес раздела, под которым появится страница: bezopasnost или abonentam/tarify. Пусто — сразу под главной.', max_length=250, validators=[django.core.validators.RegexValidator('^/?[-\\w]+(/[-\\w]+)*/?\\Z', 'Адрес раздела на сайте компании, например tarify.')], verbose_name='раздел сайта')),
                ('in_menu', models.BooleanField(default=False, help_text='В меню попадают страницы сразу под главной.', verbose_name='показывать в меню')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='изменён')),
                ('categories', modelcluster.fields.ParentalManyToManyField(blank=True, to='cms_pages.newscategory', verbose_name='рубрики')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок')),
            ],
            options={
                'verbose_name': 'общий материал',
                'verbose_name_plural': 'общие материалы',
                'ordering': ['-updated_at'],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='StandardPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.CharField(blank=True, help_text='Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся.', max_length=300, verbose_name='коротко о странице')),
                ('body', cms_pages.fields.BodyField(blank=True, verbose_name='содержание')),
                ('social_image', models.ForeignKey(blank=True, help_text='Лучше всего 1200 × 630 точек.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='снимок для соцсетей')),
            ],
            options={
                'verbose_name': 'обычная страница',
                'verbose_name_plural': 'обычные страницы',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='UrgentNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('severity', models.CharField(choices=[('danger', 'авария'), ('warning', 'плановые работы'), ('info', 'важная новость')], default='warning', max_length=10, verbose_name='важность')),
                ('title', models.CharField(max_length=120, verbose_name='заголовок')),
                ('text', models.TextField(blank=True, max_length=1000, verbose_name='текст')),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='начинается')),
                ('ends_at', models.DateTimeField(blank=True, help_text='Пусто — пока не уберёте.', null=True, verbose_name='заканчивается')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('districts', modelcluster.fields.ParentalManyToManyField(blank=True, help_text='Не отмечены — вся область.', to='cms_pages.district', verbose_name='районы')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': 'срочное объявление',
                'verbose_name_plural': 'срочные объявления',
                'ordering': ['-starts_at'],
                'permissions': [('publish_urgentnotice', 'Может публиковать: urgentnotice'), ('lock_urgentnotice', 'Может закреплять: urgentnotice'), ('unlock_urgentnotice', 'Может откреплять: urgentnotice')],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.AddIndex(
            model_name='formentry',
            index=models.Index(condition=models.Q(('appeal_number', None), ('state', 'new')), fields=['submit_time'], name='form_entry_new'),
        ),
        migrations.AddConstraint(
            model_name='urgentnotice',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='notice_ends_after_start'),
        ),
    ]
