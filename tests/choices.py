"""The two answers of a question as a browser shows them: nothing chosen, and of one weight."""

from playwright.sync_api import Page

_LOOKS = """() => [...document.querySelectorAll("input[name=answer]")].map(input => {
  const label = input.closest("label"), box = label.getBoundingClientRect(), of = getComputedStyle(label);
  const told = ["color", "backgroundColor", "fontSize", "fontWeight", "fontFamily", "borderTopWidth", "borderTopColor",
    "borderTopStyle", "borderRadius", "padding", "opacity", "textDecorationLine", "boxShadow"].map(name => of[name]);
  const dot = getComputedStyle(input);
  return [box.width, box.height, box.left, ...told, dot.width, dot.height, dot.accentColor].map(String);
})"""


def differences_of_the_choices(page: Page) -> int:
    """How many of sixteen and more properties differ between yes and no; AssertionError when there are not two."""
    looks: list[list[str]] = page.evaluate(_LOOKS)
    assert len(looks) == 2, f"{page.url} has {len(looks)} answers"
    return sum(one != other for one, other in zip(*looks, strict=True))


def chosen_beforehand(page: Page) -> int:
    """How many boxes and dots are marked before anyone pressed."""
    return page.locator("main form input:checked").count()
