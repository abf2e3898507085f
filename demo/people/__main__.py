"""`python -m demo.people`: the pinned people in a table."""

from demo.people import everyone, staff

for person in everyone()[:12]:
    print(f"{person.slug:10} {person.identity_code:12} {person.given_names} {person.family_name} ({person.language})")
for worker in staff():
    print(f"{worker.slug:16} {worker.identity_code:12} {worker.name} {', '.join(worker.departments)}")
