"""`python -m demo.people`: the people with stories and the staff, in a table."""

from demo.people import everyone, pinned, staff

for person in pinned():
    name = f"{person.given_names} {person.family_name}"
    told = person.story.en if person.story else ""
    print(f"{person.slug:14} {person.identity_code} {person.language} {name:26} {told}")
for worker in staff():
    print(f"{worker.slug:14} {worker.identity_code}    {worker.name:26} {worker.story.en}")
print(f"{len(everyone())} people in all.")
