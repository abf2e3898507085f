"""A person who has a keyboard and nothing else."""

from playwright.sync_api import Locator, Page, expect

_MOST_TABS = 80
_IS_HERE = "control => control === document.activeElement"
_IS_MARKED = """control => {
  const marked = element => getComputedStyle(element).outlineStyle !== "none";
  return marked(control) || (control.closest("label") !== null && marked(control.closest("label")));
}"""


class Keyboard:
    """Tab, Enter, Space and letters on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def comes_to(self, control: Locator) -> None:
        """By Tab alone; where one is, one sees."""
        expect(control).to_be_visible()
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            if control.evaluate(_IS_HERE):
                assert control.evaluate(_IS_MARKED), f"one does not see where one is on {self.page.url}"
                return
        raise AssertionError(f"Tab does not lead to {control} on {self.page.url}")

    def skips_to_content(self) -> None:
        """The first Tab offers it."""
        self.page.keyboard.press("Tab")
        expect(self.page.locator("a.skip")).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("main")).to_be_focused()

    def follows(self, control: Locator) -> None:
        """To where it leads."""
        self.comes_to(control)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")

    def chooses(self, control: Locator) -> None:
        """One of some."""
        self.comes_to(control)
        self.page.keyboard.press("Space")
        expect(control).to_be_checked()

    def types(self, control: Locator, words: str) -> None:
        """Letter by letter."""
        self.comes_to(control)
        self.page.keyboard.type(words)
