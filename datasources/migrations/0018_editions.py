"""What a dataset is called and holds makes an edition of the catalogue, which calls of the API go by."""

from django.db import migrations

from portal.rest.editions import makes_an_edition


class Migration(migrations.Migration):

    dependencies = [
        ('datasources', '0017_in_plain_words'),
        ('rest', '0005_editions'),
    ]

    operations = [
        makes_an_edition("datasources_department"),
        makes_an_edition("datasources_dataset"),
        makes_an_edition("datasources_field"),
    ]
