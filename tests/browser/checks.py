"""What is asked of every page."""

import gzip
import json
import re
import subprocess
from functools import cache
from pathlib import Path

_TOOLS = Path(__file__).parent / "node_modules"
WIDTHS = [1280, 320]
_A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_STRICT = [*_A_AND_AA, "wcag2aaa", "best-practice"]
_COMPRESSED = (".css", ".js", ".svg")


@cache
def _axe():
    return (_TOOLS / "axe-core/axe.min.js").read_text("utf-8")


def assert_holds(page, title, admin=False):
    """At both widths the page fits and is accessible; it says once what it is."""
    site = "Programų portalas" if admin else "Mokytojų programų portalas"
    between = " | " if admin else " – "
    assert re.fullmatch(f"{title}{re.escape(between + site)}", page.title()), (
        page.title()
    )
    assert page.locator("h1").count() == 1
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        assert_accessible(page, admin)


def assert_accessible(page, admin=False):
    """axe finds nothing: A, AA, AAA and best practice; in the admin A and AA."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_axe())
    found = page.evaluate(
        "tags => axe.run({runOnly: {type: 'tag', values: tags}, preload: false})",
        _A_AND_AA if admin else _STRICT,
    )
    assert [_told(violation) for violation in found["violations"]] == []
    assert found["passes"], "axe checked nothing"


def _told(violation):
    where = "; ".join(node["html"][:150] for node in violation["nodes"][:5])
    count = len(violation["nodes"])
    return f"{violation['id']} ({count}): {violation['help']}: {where}"


def assert_fits(page):
    """Nothing makes the page scroll sideways. A wide table scrolls in its own box."""
    wide = page.evaluate("""() => {
        const root = document.documentElement;
        const scrolls = box => getComputedStyle(box).overflowX !== "visible";
        const boxed = box => box !== document.body
            && (scrolls(box.parentElement) || boxed(box.parentElement));
        return root.scrollWidth <= root.clientWidth ? [] : [
            `${root.scrollWidth} px wide`,
            ...[...document.querySelectorAll("body *")]
                .filter(box => box.getBoundingClientRect().right > root.clientWidth)
                .filter(box => !boxed(box))
                .map(box => box.outerHTML.slice(0, 120)),
        ];
    }""")
    assert wide == []


def assert_focus_shows(page):
    """The element in focus is on the screen, with a ring of at least two pixels."""
    focus = page.evaluate("""async () => {
        // Until the next frame is drawn the page has not scrolled to it.
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        const style = getComputedStyle(document.activeElement);
        const box = document.activeElement.getBoundingClientRect();
        return {
            html: document.activeElement.outerHTML.slice(0, 120),
            ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
            shown: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
        };
    }""")
    assert focus["ring"] >= 2, focus
    assert focus["shown"], focus


def sent_bytes(page, path):
    """Open ``path`` and return the bytes of each response: [(address, bytes)].

    Static text counts as gzip leaves it, as WhiteNoise sends it in production; the page
    itself counts whole, because the portal does not compress what is made for one person.
    """
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto(path, wait_until="networkidle")
    return [(response.url, _size(response)) for response in responses]


def _size(response):
    body = response.body()
    if response.url.partition("?")[0].endswith(_COMPRESSED):
        return len(gzip.compress(body))
    return len(body)


def html_errors(files):
    """What the W3C's own checker (vnu) finds wrong in these files, one run for all."""
    run = subprocess.run(
        [
            "java",
            "-jar",
            str(_TOOLS / "vnu-jar/build/dist/vnu.jar"),
            "--format",
            "json",
            "--exit-zero-always",
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        f"{Path(message['url']).name}:{message.get('lastLine')} {message['message']}"
        for message in json.loads(run.stderr)["messages"]
        if message["type"] != "info"
    ]
