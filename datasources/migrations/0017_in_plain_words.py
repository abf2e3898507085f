import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('datasources', '0016_keepers'),
    ]
    operations = [
        migrations.AlterModelOptions(
            name='dataset',
            options={'ordering': ['position', 'slug'], 'verbose_name': 'dataset', 'verbose_name_plural': 'datasets'},
        ),
        migrations.AlterModelOptions(
            name='department',
            options={'ordering': ['position', 'slug'], 'verbose_name': 'department', 'verbose_name_plural': 'departments'},
        ),
        migrations.AlterModelOptions(
            name='field',
            options={'ordering': ['position'], 'verbose_name': 'field of a dataset', 'verbose_name_plural': 'fields of datasets'},
        ),
        migrations.AlterModelOptions(
            name='pull',
            options={'ordering': ['-id'], 'verbose_name': 'reading of a source', 'verbose_name_plural': 'readings of sources'},
        ),
        migrations.AlterModelOptions(
            name='register',
            options={'ordering': ['position', 'slug'], 'verbose_name': 'register', 'verbose_name_plural': 'registers'},
        ),
        migrations.AlterModelOptions(
            name='source',
            options={'ordering': ['slug'], 'verbose_name': 'source', 'verbose_name_plural': 'sources'},
        ),
        migrations.AlterField(
            model_name='dataset',
            name='keep_days',
            field=models.PositiveSmallIntegerField(default=30, verbose_name='Days a copy is kept'),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='name',
            field=models.CharField(max_length=120, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='name_en',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='name_fi',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='name_sv',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='register',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='datasets', to='datasources.register', verbose_name='Register'),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='retired_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Retired'),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='sensitivity',
            field=models.CharField(choices=[('ordinary', 'ordinary'), ('confidential', 'confidential'), ('special', 'special category')], max_length=12, verbose_name='Sensitivity'),
        ),
        migrations.AlterField(
            model_name='dataset',
            name='slug',
            field=models.SlugField(max_length=60, unique=True, verbose_name='Short name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='everyday_name',
            field=models.CharField(max_length=60, verbose_name='Everyday name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='everyday_name_en',
            field=models.CharField(max_length=60, null=True, verbose_name='Everyday name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='everyday_name_fi',
            field=models.CharField(max_length=60, null=True, verbose_name='Everyday name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='everyday_name_sv',
            field=models.CharField(max_length=60, null=True, verbose_name='Everyday name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='name',
            field=models.CharField(max_length=120, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='name_en',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='name_fi',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='name_sv',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='retired_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Retired'),
        ),
        migrations.AlterField(
            model_name='department',
            name='slug',
            field=models.SlugField(max_length=60, unique=True, verbose_name='Short name'),
        ),
        migrations.AlterField(
            model_name='field',
            name='about_others',
            field=models.BooleanField(default=False, verbose_name='About others too'),
        ),
        migrations.AlterField(
            model_name='field',
            name='dataset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fields', to='datasources.dataset', verbose_name='Dataset'),
        ),
        migrations.AlterField(
            model_name='field',
            name='disclosure',
            field=models.CharField(choices=[('at_once', 'shown at once'), ('after_reading', 'after a person has read it'), ('never', 'never')], max_length=14, verbose_name='When it is shown'),
        ),
        migrations.AlterField(
            model_name='field',
            name='label',
            field=models.CharField(max_length=80, verbose_name='Label'),
        ),
        migrations.AlterField(
            model_name='field',
            name='label_en',
            field=models.CharField(max_length=80, null=True, verbose_name='Label'),
        ),
        migrations.AlterField(
            model_name='field',
            name='label_fi',
            field=models.CharField(max_length=80, null=True, verbose_name='Label'),
        ),
        migrations.AlterField(
            model_name='field',
            name='label_sv',
            field=models.CharField(max_length=80, null=True, verbose_name='Label'),
        ),
        migrations.AlterField(
            model_name='field',
            name='slug',
            field=models.SlugField(max_length=60, verbose_name='Short name'),
        ),
        migrations.AlterField(
            model_name='field',
            name='type',
            field=models.CharField(choices=[('text', 'text'), ('code', 'code'), ('date', 'date'), ('moment', 'date and time'), ('money_cents', 'money'), ('number', 'number'), ('boolean', 'yes or no')], max_length=12, verbose_name='Type'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='changed',
            field=models.PositiveIntegerField(default=0, verbose_name='Changed'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='kind',
            field=models.CharField(choices=[('nightly', 'every night'), ('person', 'a person was here'), ('by_hand', 'by hand'), ('sent', 'the system sent it')], max_length=8, verbose_name='Kind'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='people_passed_over',
            field=models.PositiveIntegerField(default=0, verbose_name='People passed over'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='rejected',
            field=models.PositiveIntegerField(default=0, verbose_name='Not taken in'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='removed',
            field=models.PositiveIntegerField(default=0, verbose_name='Gone'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='rows_read',
            field=models.PositiveIntegerField(default=0, verbose_name='Rows read'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pulls', to='datasources.source', verbose_name='Source'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='started_at',
            field=models.DateTimeField(verbose_name='Began'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='state',
            field=models.CharField(choices=[('running', 'under way'), ('done', 'done'), ('failed', 'failed')], default='running', max_length=8, verbose_name='State'),
        ),
        migrations.AlterField(
            model_name='pull',
            name='unchanged',
            field=models.PositiveIntegerField(default=0, verbose_name='Unchanged'),
        ),
        migrations.AlterField(
            model_name='register',
            name='basis',
            field=models.CharField(choices=[('a', 'your permission'), ('b', 'a contract with you'), ('c', 'the law requires it'), ('d', 'vital interests'), ('e', 'a task in the public interest'), ('f', 'legitimate interest')], max_length=1, verbose_name='Legal basis'),
        ),
        migrations.AlterField(
            model_name='register',
            name='connection',
            field=models.CharField(choices=[('connected', 'connected'), ('not_yet', 'not connected yet'), ('not_ours', "not the city's")], max_length=10, verbose_name='Connection'),
        ),
        migrations.AlterField(
            model_name='register',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='datasources.department', verbose_name='Department'),
        ),
        migrations.AlterField(
            model_name='register',
            name='name',
            field=models.CharField(max_length=120, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='register',
            name='name_en',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='register',
            name='name_fi',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='register',
            name='name_sv',
            field=models.CharField(max_length=120, null=True, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='register',
            name='reports_uses_since',
            field=models.DateField(blank=True, null=True, verbose_name='Reports its uses since'),
        ),
        migrations.AlterField(
            model_name='register',
            name='retired_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Retired'),
        ),
        migrations.AlterField(
            model_name='register',
            name='slug',
            field=models.SlugField(max_length=60, unique=True, verbose_name='Short name'),
        ),
        migrations.AlterField(
            model_name='source',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='datasources.department', verbose_name='Department'),
        ),
        migrations.AlterField(
            model_name='source',
            name='kind',
            field=models.CharField(choices=[('sql', 'database'), ('rest', 'web interface'), ('files', 'files'), ('gdpr_api', 'interface for personal data (GDPR API)'), ('xroad', 'data exchange layer (X-Road)'), ('push', 'records that the system sends itself')], max_length=8, verbose_name='Kind'),
        ),
        migrations.AlterField(
            model_name='source',
            name='live',
            field=models.BooleanField(default=False, verbose_name='Asked while a resident waits'),
        ),
        migrations.AlterField(
            model_name='source',
            name='mapping_version',
            field=models.PositiveIntegerField(default=1, verbose_name='Version of the mapping'),
        ),
        migrations.AlterField(
            model_name='source',
            name='slug',
            field=models.SlugField(max_length=60, unique=True, verbose_name='Short name'),
        ),
    ]
