"""What beat rings, and when, in the city's time."""

from celery.schedules import crontab

SCHEDULE = {
    "nightly pulls": {"task": "datasources.nightly", "schedule": crontab(hour="2", minute="10")},
    "expire sheets": {"task": "datasources.expire_sheets", "schedule": crontab(hour="4", minute="20")},
    "expire consents": {"task": "consents.expire_due", "schedule": crontab(minute="5")},
    "restrictions that end": {"task": "consents.let_go_due", "schedule": crontab(minute="15")},
    "corrections that are promised": {"task": "requests.look_for_corrections", "schedule": crontab(minute="*/15")},
    "webhooks": {"task": "consents.mind_webhooks", "schedule": crontab(minute="*/5")},
    "systems that are late": {"task": "consents.note_late", "schedule": crontab(hour="8", minute="15")},
    "remind of ends": {"task": "consents.remind", "schedule": crontab(hour="9", minute="30")},
    "monthly letters": {"task": "notices.write_digests", "schedule": crontab(hour="10", minute="0")},
    "letters under way": {"task": "notices.ring_unsent", "schedule": crontab(minute="25")},
    "rights of those who do not return": {"task": "people.refresh_rights", "schedule": crontab(hour="3", minute="40")},
    "erasures under way": {"task": "erasing.mind", "schedule": crontab(minute="45")},
    "what the law held of the dead": {"task": "life.remove_held", "schedule": crontab(hour="4", minute="50")},
    "deaths and moves told by the register": {"task": "life.mind", "schedule": crontab(minute="*/10")},
    "walks together": {"task": "consents.count_walks", "schedule": crontab(day_of_week="2", hour="6", minute="30")},
    "files of watches that nobody goes on with": {"task": "wearables.sweep", "schedule": crontab(minute="45")},
    "services of watches that are tied": {"task": "wearables.fetch_all", "schedule": crontab(hour="6", minute="10")},
    "items of packages that were not accepted": {"task": "transfers.tidy", "schedule": crontab(minute="*/5")},
    "uses of data, by use case": {"task": "usecases.count_uses", "schedule": crontab(minute="*/5")},
    "old replies": {"task": "rest.tidy", "schedule": crontab(minute="35")},
    "what was kept for long enough": {"task": "privacy.retain", "schedule": crontab(hour="5", minute="15")},
    "requests that are late": {"task": "requests.note_late", "schedule": crontab(hour="8", minute="5")},
    "numbers for the case register": {"task": "requests.tell_case_register", "schedule": crontab(minute="*/5")},
    "packages that were not taken": {"task": "requests.tidy_packages", "schedule": crontab(minute="*/10")},
    "old notices": {"task": "notices.tidy", "schedule": crontab(hour="4", minute="40")},
}
