"""Everything Django and allauth can say to a person is said in Lithuanian."""

import importlib
import re
from datetime import datetime
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib import admin
from django.core.paginator import EmptyPage, Paginator
from django.forms import CharField, Form, formset_factory
from django.utils import formats, translation
from django.utils.timesince import timesince
from django.utils.translation.trans_real import DjangoTranslation

CATALOGUES = sorted((settings.BASE_DIR / "locale/lt/LC_MESSAGES").glob("*.po"))

# Whose words we answer for: package, domain, and which of its files are in use
# (the names of languages and the page of an empty Django are not).
PACKAGES = [
    ("django.conf", "django", "(?!conf/global_settings|views/templates)"),
    ("django.contrib.admin", "django", ""),
    ("django.contrib.admin", "djangojs", ""),
    ("django.contrib.auth", "django", ""),
    ("django.contrib.contenttypes", "django", ""),
    ("django.contrib.sessions", "django", ""),
    ("allauth", "django", r"account/|mfa/|templates/(account|mfa|allauth)/"),
]

# Right in Lithuanian as they are.
UNCHANGED = {
    "IPv4": "name of a protocol",
    "IPv6": "name of a protocol",
    "WebAuthn": "name of a standard",
    ":": "punctuation",
    ":?.!": "punctuation",
    ", ": "punctuation",
    "…": "punctuation",
    "%(truncated_text)s…": "punctuation",
    "a.m.": "the pages show 24 hours",
    "p.m.": "the pages show 24 hours",
    "AM": "the pages show 24 hours",
    "PM": "the pages show 24 hours",
    "S": "Sunday is „sekmadienis“",
}

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+[^>]*>")


@cache
def entries(path):
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]


@cache
def spoken(domain):
    """What the running portal has for a domain: every package, then our catalogue."""
    places = None
    if domain == "djangojs":
        places = [str(folder("django.contrib.admin"))]
    return DjangoTranslation("lt", domain=domain, localedirs=places)


def folder(package):
    return Path(importlib.import_module(package).__file__).parent / "locale"


def key(entry):
    return f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid


def slots(text):
    """Named ones may repeat, as often as the sentence needs; nameless ones may not."""
    found = PLACEHOLDER.findall(text)
    return set(found), [slot for slot in found if slot in ("%s", "%d", "{}")]


def in_use(entry, part):
    return any(re.match(part, where) for where, line in entry.occurrences)


def answers(package, domain, part):
    """(entry, everything the running portal says for it), for each entry in use."""
    said = spoken(domain)
    for entry in entries(folder(package) / f"en/LC_MESSAGES/{domain}.po"):
        if in_use(entry, part) and entry.msgid not in UNCHANGED:
            if entry.msgid_plural:
                yield entry, {said.ngettext(key(entry), "", n) for n in (1, 2, 10)}
            else:
                yield entry, {said.gettext(key(entry))}


@pytest.mark.parametrize(("package", "domain", "part"), PACKAGES)
def test_a_package_says_nothing_in_english(package, domain, part):
    english = [
        entry.msgid
        for entry, said in answers(package, domain, part)
        if said & {"", key(entry), entry.msgid, entry.msgid_plural}
    ]

    assert english == []


@pytest.mark.parametrize(("package", "domain", "part"), PACKAGES)
def test_a_package_has_lithuanian_quotes(package, domain, part):
    tag = re.compile(r"<[^>]+>")
    texts = [
        tag.sub("", text)
        for entry, said in answers(package, domain, part)
        for text in said
    ]

    assert [text for text in texts if re.search(r"[\"'‘’”]|“\w", text)] == []
    assert [text for text in texts if text.count("„") != text.count("“")] == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_admin_never_bends_the_name_of_a_model(domain):
    """It knows the name in one form, so the name stands apart: „Keisti: paraiška“."""
    name = re.compile(
        r"%\((?:\w*name(?:_plural)?|items|model|filter_title)\)s|{name}|%s"
    )
    people = {"%(username)s", "%(site_name)s"}
    bent = [
        text
        for entry, said in answers("django.contrib.admin", domain, "")
        for text in said
        for match in name.finditer(text)
        if match.group() not in (people | {"%s"} if entry.msgid_plural else people)
        and not re.search(r"(?:^|[(„]|: )$", text[: match.start()])
    ]

    assert bent == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_is_whole(path):
    unfinished = [entry.msgid for entry in entries(path) if not entry.translated()]

    assert unfinished == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_keeps_the_placeholders_and_tags(path):
    wrong = [
        said
        for entry in entries(path)
        for said in entry.msgstr_plural.values() or [entry.msgstr]
        if slots(said) != slots(entry.msgid_plural or entry.msgid)
    ]

    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_entry_answers_something_a_package_says(path):
    asked = {
        key(entry)
        for package, domain, part in PACKAGES
        if domain == path.stem
        for entry in entries(folder(package) / f"en/LC_MESSAGES/{domain}.po")
        if in_use(entry, part)
    }

    assert [entry.msgid for entry in entries(path) if key(entry) not in asked] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_the_compiled_catalogue_says_what_the_source_says(path):
    compiled = polib.mofile(str(path.with_suffix(".mo")))

    def said(catalogue):
        return {
            key(entry): (entry.msgstr, dict(entry.msgstr_plural)) for entry in catalogue
        }

    assert said(compiled) == said(entries(path)), f"msgfmt {path.name} and commit it"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_our_catalogue_counts_as_djangos_does(path):
    rules = [
        polib.pofile(str(place)).metadata["Plural-Forms"]
        for place in (path, folder("django.conf") / "lt/LC_MESSAGES/django.po")
    ]

    assert rules[0] == rules[1]


def test_the_admins_scripts_get_lithuanian_words(rf):
    with translation.override("lt"):
        answer = admin.site.i18n_javascript(rf.get("/admin/jsi18n/"))

    words = answer.content.decode()
    assert '"Choose all %s": "Pasirinkti visk\\u0105 (%s)"' in words
    assert "Pa\\u017eym\\u0117ta: %(sel)s i\\u0161 %(cnt)s" in words


@pytest.mark.parametrize(
    ("least", "said"),
    [
        (1, "Pateikite ne mažiau kaip 1 įrašą."),
        (6, "Pateikite ne mažiau kaip 6 įrašus."),
        (10, "Pateikite ne mažiau kaip 10 įrašų."),
        (21, "Pateikite ne mažiau kaip 21 įrašą."),
    ],
)
def test_a_count_takes_the_right_ending(least, said):
    formset = formset_factory(Form, min_num=least, validate_min=True)

    filled = formset({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})

    assert filled.non_form_errors() == [said]


def test_a_form_explains_its_errors_in_lithuanian():
    field = CharField(max_length=3, required=True)
    form = type("SmallForm", (Form,), {"name": field, "other": field})

    errors = form({"name": "keturi", "other": ""}).errors

    assert errors == {
        "name": ["Įrašykite ne daugiau kaip 3 ženklus (dabar – 6)."],
        "other": ["Užpildykite šį lauką."],
    }


def test_a_page_beyond_the_end_is_answered_in_lithuanian():
    with pytest.raises(EmptyPage, match="Tokio puslapio nėra"):
        Paginator(["vienas"], 1).page(9)


def test_dates_and_spans_are_written_the_lithuanian_way():
    day = datetime(2012, 10, 19, 16, 30)

    assert formats.date_format(day) == "2012 m. spalio 19 d."
    assert formats.date_format(day, "DATETIME_FORMAT") == "2012 m. spalio 19 d., 16:30"
    assert formats.date_format(day, "YEAR_MONTH_FORMAT") == "2012 m. spalis"
    assert formats.date_format(day, "SHORT_DATE_FORMAT") == "2012-10-19"
    assert timesince(day, datetime(2014, 11, 20, 16, 30)) == "2\xa0metai, 1\xa0mėnuo"
