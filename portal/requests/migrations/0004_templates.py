# Texts to begin answers with; the data protection officer changes them as they like.

from django.db import migrations

SEEDS = [
    (
        "done", "", "done",
        "Hei,\n\nteimme sen, mitä pyysit.",
        "Hej,\n\nvi har gjort det som du bad om.",
        "Hello,\n\nwe have done what you asked for.",
    ),
    (
        "answered", "ask", "done",
        "Hei,\n\nkiitos kysymyksestäsi. Vastauksemme on tämä:",
        "Hej,\n\ntack för din fråga. Vårt svar är följande:",
        "Hello,\n\nthank you for your question. Our answer is this:",
    ),
    (
        "partly", "", "partly",
        "Hei,\n\nteimme osan siitä, mitä pyysit.\n\nTeimme tämän:\n\nJätimme tämän tekemättä:",
        "Hej,\n\nvi har gjort en del av det som du bad om.\n\nDet här har vi gjort:\n\nDet här har vi inte gjort:",
        "Hello,\n\nwe have done a part of what you asked for.\n\nWe did this:\n\nWe did not do this:",
    ),
    (
        "refused", "", "refused",
        "Hei,\n\nemme voi tehdä sitä, mitä pyysit. Syy on tämä:",
        "Hej,\n\nvi kan inte göra det som du bad om. Orsaken är följande:",
        "Hello,\n\nwe cannot do what you asked for. The reason is this:",
    ),
    (
        "passed-on", "", "passed_on",
        "Hei,\n\nnämä tiedot ovat toisella viranomaisella. Siirsimme pyyntösi sinne, ja saat vastauksen sieltä. Pyynnön sai:",
        "Hej,\n\nde här uppgifterna finns hos en annan myndighet. Vi har skickat din begäran vidare dit, och du får svar därifrån. Begäran gick till:",
        "Hello,\n\nanother authority holds this data. We passed your request on, and you get an answer from there. The request went to:",
    ),
]


def put(apps, schema_editor):
    Template = apps.get_model("requests", "DecisionTemplate")
    names = ("slug", "kind", "outcome", "text_fi", "text_sv", "text_en")
    Template.objects.bulk_create(Template(**dict(zip(names, seed, strict=True))) for seed in SEEDS)


class Migration(migrations.Migration):

    dependencies = [
        ("requests", "0003_queue"),
    ]

    operations = [migrations.RunPython(put, migrations.RunPython.noop)]
