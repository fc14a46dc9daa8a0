"""Two people on the same road: one with a mouse, one with the keyboard alone."""

import re

from django.core import mail

from tests.browser.checks import assert_focus_shows


class Mouse:
    """Clicks, and types where it has clicked."""

    def __init__(self, page):
        self.page = page

    def follow(self, words):
        self.page.locator("main").get_by_role("link", name=words).first.click()

    def press(self, words):
        self.page.get_by_role("button", name=words, exact=True).click()

    def write(self, label, text):
        self.page.get_by_label(label).fill(text)

    def choose(self, label, option):
        self.page.get_by_label(label).select_option(label=option)

    def tick(self, label):
        self.page.get_by_label(label).check()


class Keyboard:
    """Walks by Tab and sees where the focus is; never touches the mouse."""

    MOST_STOPS = 120

    def __init__(self, page):
        self.page = page

    def follow(self, words):
        self._stop_at(["A"], words)
        self._enter()

    def press(self, words):
        self._stop_at(["BUTTON"], words)
        self._enter()

    def write(self, label, text):
        self._stop_at(["INPUT", "TEXTAREA"], label)
        self.page.keyboard.insert_text(text)

    def choose(self, label, option):
        self._stop_at(["SELECT"], label)
        self.page.keyboard.type(option)

    def tick(self, label):
        self._stop_at(["INPUT"], label)
        self.page.keyboard.press("Space")

    def _enter(self):
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _stop_at(self, tags, words):
        for _ in range(self.MOST_STOPS):
            self.page.keyboard.press("Tab")
            tag, said = self.page.evaluate("""() => {
                const here = document.activeElement;
                return [here.tagName, (here.labels?.[0] ?? here).innerText.trim()];
            }""")
            if tag in tags and said.startswith(words):
                return assert_focus_shows(self.page)
        raise AssertionError(f"Tab never comes to „{words}“ on {self.page.url}")


CODE = re.compile(r"[B-Z]{4}-[B-Z]{4}")


def sign_in(person, email):
    """From the sign-in page, with the code from the letter."""
    person.write("El. pašto adresas", email)
    person.press("Gauti kodą")
    person.page.wait_for_url("**/paskyra/kodas/**")
    person.write("Kodas iš laiško", CODE.search(mail.outbox[-1].body).group())
    person.press("Prisijungti")
