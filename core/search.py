"""Search that understands Lithuanian, the same on SQLite and PostgreSQL.

    text  ─▶ words ─▶ terms ─▶ postings: (term, document, weight), rows of a model
    query ─▶ words ─▶ terms ─▶ documents, best first

A term is a folded word or one of its two stems: the stemmer knows ė, ų and č, the light
stem helps those who type without them. A word of a query is met by its terms, more
weakly by a word that it begins, and only when nobody has it by one typing error.
"""

import re
import threading
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from math import log

import snowballstemmer
from django.db.models import Case, F, IntegerField, Max, Q, When
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from core.text import fold

# Part of every digest of an indexed text: raise it when terms or weights come out
# differently, and `manage.py reindex` writes the whole index anew.
VERSION = 1

LONGEST_TERM = 40
MOST_WORDS = 10
SHORTEST_BEGINNING = 3
SHORTEST_STEM = 4
SHORTEST_MISTYPED = 5
COMMON = 100
FEW = 3
ENOUGH = 0.6
_EVERYWHERE = """
ir ar arba bei o su be per po prie pro nuo iki už dėl apie kaip kad kas kur kai į iš ant
tik yra jų jo jos šis ši tai ta tas
"""
_EVERYWHERE = frozenset(_EVERYWHERE.split())
_WORD = re.compile(r"\w+")
_AFTER_Z = "zzzz"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

# Words


def words(text):
    """The words that carry meaning, lower case and as written, in order."""
    text = unicodedata.normalize("NFC", text.replace("\u00ad", "")).lower()
    return [
        word[:LONGEST_TERM]
        for word in _WORD.findall(text)
        if (len(word) > 1 or word.isdigit()) and word not in _EVERYWHERE
    ]


@lru_cache(100_000)
def terms(word):
    """(folded, light stem, stem, root) of a lower-case word; often some are equal."""
    folded = fold(word)[:LONGEST_TERM]
    light, stem = _light_stem(folded), fold(_stem(word))[:LONGEST_TERM]
    if len(stem) < SHORTEST_STEM:  # mokytojas would come down to mok, as mokosi does
        stem = light
    return folded, light, stem, _ROOT.sub(r"\1", light)


_local = threading.local()


def _stem(word):
    """One stemmer a thread: it keeps the word in itself while it works."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("lithuanian")
    return _local.stemmer.stemWord(word)


_ENDINGS = """
as o ui a u e ai ams us ais uose is io iui i iu yje y iai iams ius iais iuose ys ies imi
im ims imis yse os oje oms omis ose es ei eje ems emis ese ia ios ioje ioms iomis iose iam
iame aus umi uje ums umis iaus iumi iuje uo eniui eni eniu enyje enys enu enims enis
enimis enyse ens am ame iems ieji asis ojo ajam aji uoju ajame uju iesiems uosius aisiais
uosiuose oji osios ajai aja ojoje osioms asias osiomis osiose usis iojo iajam uji iuoju
iajame iuju iuosius iaisiais iuosiuose ioji iosios iajai iaja iojoje iosioms iasias
iosiomis iosiose ysis ti yti eti oti uoti auti inti ome ote iame iate ime ite eme ete siu
sime site antis ancio anciam anti anciu antys anciai antiems ancius anciais ancia ancios
damas dama dami damos
"""
_LONGEST_FIRST = sorted(set(_ENDINGS.split()), key=len, reverse=True)
# mokytojas, vedėjas: the ending would take the j of the suffix along.
_DOER = re.compile(
    r"^(.{2,}(?:to|e))j(as|o|ui|a|u|e|ai|ams|us|ais|uose|os|oje|oms|omis|ose)$"
)
# vertinimas and vertinti, kūrybiškumas and kūrybiškas.
_ROOT = re.compile(r"^(.{4,}?)(?:i?avim|inim|[eo]jim|ym|im|um)$")


def _light_stem(folded):
    """Take one ending off a folded word; č was t and dž was d: partnerysčių."""
    if len(folded) < 4 or not folded.isalpha():
        return folded
    if doer := _DOER.match(folded):
        return doer[1]
    stem = folded
    for ending in _LONGEST_FIRST:
        if folded.endswith(ending) and len(folded) - len(ending) >= 3:
            stem = folded[: -len(ending)]
            break
    if not set(stem) & set("aeiouy"):
        return folded
    if len(stem) > 3 and stem[-1] in "ij":
        stem = stem[:-1]
    if len(stem) > 3 and stem.endswith("dz"):
        stem = stem[:-1]
    return stem[:-1] + "t" if stem.endswith("c") else stem


# The index


def weigh(parts):
    """{term: weight} of a document given as [(weight, text), …].

    A word said again counts less each time; the sum ends at 1,000, as in BM25.
    """
    sums = Counter()
    for weight, text in parts:
        for word, times in Counter(words(text)).items():
            for term in set(terms(word)):
                sums[term] += weight * 2 * times / (times + 1)
    return {term: round(1000 * sum / (sum + 6)) for term, sum in sums.items()}


# The query


@dataclass
class Found:
    """What a query has met. ``scores`` holds the documents, best first."""

    scores: dict = field(default_factory=dict)
    complete: int = 0  # how many of them, the first ones, have every word
    corrected: dict = field(default_factory=dict)  # mistyped word: terms met instead
    unknown: list = field(default_factory=list)  # words that nobody has
    exact: set = field(default_factory=set)
    beginnings: tuple = ()
    _known: dict = field(default_factory=dict)

    def meets(self, written):
        """Whether a word of a text, as it stands there, is what was looked for."""
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = any(map(self._meets, words(written)))
        return known

    def _meets(self, word):
        own = terms(word)
        return not self.exact.isdisjoint(own) or own[0].startswith(self.beginnings)


def find(postings, text, total):
    """Look ``text`` up in a QuerySet of rows with ``term``, ``document`` and ``weight``.

    Documents with every word come first. If they are few, those follow that lack the
    least telling words. ``total`` is the number of documents: a rare word tells more.
    """
    found = Found()
    scores, told = Counter(), Counter()
    asked = list(dict.fromkeys(words(text)))[:MOST_WORDS]
    all_told = 0
    for word in asked:
        hits = _met(postings, word, found)
        rarity = log(1 + (total + 1) / (len(hits) + 0.5))
        all_told += rarity
        for document, weight in hits:
            scores[document] += rarity * weight
            told[document] += rarity
    ranked = sorted(told, key=lambda document: (-scores[document], document))
    best = [document for document in ranked if told[document] > all_told - 0.001]
    found.complete = len(best)
    if len(best) < FEW:
        enough = max(told.values(), default=0) * ENOUGH
        best += [d for d in ranked if enough <= told[d] <= all_told - 0.001]
    found.scores = {document: scores[document] for document in best}
    return found


def _met(postings, word, found):
    """What has the word, or what is nearest to it; ``found`` is told how it was met."""
    folded, light, stem, root = terms(word)
    ranks = {root: 6, stem: 7, light: 9, folded: 10}
    start = light if len(light) >= 5 and folded.startswith(light) else folded
    beginning = start if len(start) >= SHORTEST_BEGINNING else ""
    hits = _hits(postings, ranks)
    if beginning and len(hits) < COMMON:
        # Of a common word those that only begin so would be the last of very many.
        hits = _hits(postings, ranks, beginning)
        found.beginnings += (beginning,) if hits else ()
    if hits:
        found.exact |= set(ranks)
        return hits
    near = _mistyped(postings, folded, light)
    if not near:
        found.unknown.append(word)
        return []
    found.corrected[word] = near
    ranks = {term: 6 for other in near for term in terms(other)[:2]}
    found.exact |= set(ranks)
    return _hits(postings, ranks)


def _hits(postings, ranks, beginning=None):
    """[(document, weight)], the best term of each; ``ranks`` is {term: factor}."""
    wanted = Q(term__in=list(ranks))
    if beginning:
        wanted |= Q(term__gte=beginning, term__lt=beginning + _AFTER_Z)
    factor = Case(
        *(When(term=term, then=factor) for term, factor in ranks.items()),
        default=5,
        output_field=IntegerField(),
    )
    documents = postings.filter(wanted).order_by().values_list("document_id")
    return list(documents.annotate(best=Max(F("weight") * factor)))


def _mistyped(postings, folded, light):
    """Terms of the index that are one typing error away from a longer word."""
    if len(folded) < SHORTEST_MISTYPED or not folded.isalpha():
        return []
    near = _one_error(folded)
    if len(light) >= SHORTEST_MISTYPED:
        near |= _one_error(light)
    rows = postings.filter(term__in=list(near)).order_by("term")
    return list(rows.values_list("term", flat=True).distinct())


def _one_error(word):
    """The word with a letter left out, added, changed, or swapped with the next."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if right[1:]),
        *(left + c + right[1:] for left, right in cuts if right for c in _LETTERS),
        *(left + c + right for left, right in cuts for c in _LETTERS),
    } - {word}


def suggest(postings, word):
    """The term nearest to a word that nobody has, or nothing. It begins the same."""
    folded = terms(word)[0]
    if len(folded) < SHORTEST_MISTYPED:
        return None
    start = folded[:2]
    rows = postings.filter(term__gte=start, term__lt=start + _AFTER_Z).order_by()
    known = rows.values_list("term", flat=True).distinct()
    return next(iter(get_close_matches(folded, known, n=1, cutoff=0.7)), None)


def as_written(term, text):
    """The word of ``text`` that stands in the index as ``term``, or nothing."""
    return next((word for word in words(text) if term in terms(word)), None)


# What was found, shown


def highlight(text, found):
    """``text`` safe for a page, with the words that ``found`` meets in ``<mark>``."""
    pieces, end = [], 0
    for match in _WORD.finditer(text):
        if found.meets(match[0]):
            pieces.append(conditional_escape(text[end : match.start()]))
            pieces.append(f"<mark>{conditional_escape(match[0])}</mark>")
            end = match.end()
    pieces.append(conditional_escape(text[end:]))
    return mark_safe("".join(pieces))  # every piece is escaped above


def excerpt(text, found, length=220):
    """The lines' part richest in what was met, highlighted; nothing if none is met."""
    best, most = None, 0
    for line in text.splitlines():
        places = [m.start() for m in _WORD.finditer(line) if found.meets(m[0])]
        for place in places:
            rich = sum(place <= other < place + length for other in places)
            if rich > most:
                best, most = (line, place), rich
    if best is None:
        return ""
    line, place = best
    start = 0 if place < length // 2 else line.find(" ", place - length // 3) + 1
    end = (
        len(line) if len(line) <= start + length else line.rfind(" ", 0, start + length)
    )
    end = max(end, start)
    before, after = "… " if start else "", " …" if end < len(line) else ""
    return mark_safe(before + highlight(line[start:end], found) + after)
