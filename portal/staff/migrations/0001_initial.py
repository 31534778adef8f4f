import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffUser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('central_actor', models.CharField(blank=True, default='', editable=False, max_length=142, verbose_name='центральный администратор')),
                ('central_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='вход из центрального офиса до')),
                ('sessions_from', models.DateTimeField(blank=True, editable=False, null=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'сотрудник',
                'verbose_name_plural': 'сотрудники',
                'permissions': [('manage_staff', 'Может управлять сотрудниками')],
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='PasswordReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='не раньше')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='взято в работу')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='попыток')),
                ('error', models.TextField(blank=True, verbose_name='последняя ошибка')),
                ('email', models.EmailField(max_length=254, verbose_name='электронная почта')),
                ('company_name', models.CharField(max_length=200, verbose_name='компания')),
                ('address', models.CharField(max_length=300, verbose_name='адрес сайта')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='создан')),
            ],
            options={
                'verbose_name': 'запрос нового пароля',
                'verbose_name_plural': 'запросы нового пароля',
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='passwordreset_due')],
            },
        ),
        migrations.CreateModel(
            name='RoleRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('needs_second_factor', models.BooleanField(default=False)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rule', to='auth.group')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StaffInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=150, verbose_name='электронная почта')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='отправлено')),
                ('expires_at', models.DateTimeField(verbose_name='действует до')),
                ('groups', models.ManyToManyField(blank=True, to='auth.group', verbose_name='роли')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'приглашение',
                'verbose_name_plural': 'приглашения',
                'ordering': ['-created_at'],
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='staffuser',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('central_actor', ''), ('central_until', None), models.Q(('username__startswith', 'central:'), _negated=True)), models.Q(models.Q(('central_actor', ''), _negated=True), ('central_until__isnull', False), ('email', ''), ('first_name', ''), ('is_staff', False), ('is_superuser', False), ('last_name', ''), ('password__startswith', '!'), ('username', django.db.models.functions.text.Concat(models.Value('central:'), models.F('central_actor')))), _connector='OR'), name='staff_central_row', violation_error_message='Это вход из центрального офиса. Пароля, почты и другого имени у него не бывает.'),
        ),
    ]
