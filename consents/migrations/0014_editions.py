"""What a purpose asks, and by which texts, makes an edition, which calls of the API go by."""

from django.db import migrations

from portal.rest.editions import makes_an_edition


class Migration(migrations.Migration):

    dependencies = [
        ('consents', '0013_in_plain_words'),
        ('rest', '0005_editions'),
    ]

    operations = [
        makes_an_edition("consents_purpose"),
        makes_an_edition("consents_purposedataset"),
        makes_an_edition("consents_purposetext"),
    ]
