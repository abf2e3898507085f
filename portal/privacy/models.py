"""What browsers refused to do on our pages, as they tell it themselves."""

from django.db import models


class BrowserReport(models.Model):
    """One kind of refusal on one kind of page on one day, and how often. No address of a page, nobody's browser.

    `route`: the pattern of the page's address; `blocked`: `scheme://host` of what was refused, or a browser's word.
    """

    day = models.DateField()
    door = models.CharField(max_length=10)
    directive = models.CharField(max_length=40)
    blocked = models.CharField(max_length=100)
    route = models.CharField(max_length=120)
    number = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "door", "directive", "blocked", "route"], name="one_row_a_day_for_a_kind_of_report"
            ),
        ]

    def __str__(self) -> str:
        return self.directive
