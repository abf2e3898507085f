"""A thousand made-up people of the demo, the same every time; some with stories."""

from demo.people.crowd import everyone
from demo.people.person import Person, Story
from demo.people.stories import pinned
from demo.people.workers import StaffPerson, staff

__all__ = ["Person", "StaffPerson", "Story", "everyone", "pinned", "staff"]
