"""Reading a page as a test needs it: its parts by name, and what must never be in it."""

from html.parser import HTMLParser

EMPTY = frozenset({"meta", "link", "input", "br", "img", "rect", "path", "circle", "line", "hr"})


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text inside headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every ``tag``."""
        return [attributes for name, attributes in self.tags if name == tag]

    def text(self, tag: str) -> list[str]:
        """What stands in every ``tag``, with spaces as a reader sees them."""
        return [" ".join(text.split()) for text in self.texts.get(tag, [])]


def check_page(html: str) -> Page:
    """What holds on every page: one heading, a title, a language, and nothing the content policy would refuse."""
    page = Page(html)
    assert html.lstrip().startswith("<!DOCTYPE html>")
    assert len(page.text("h1")) == 1 and page.text("h1")[0], page.text("h1")
    assert page.text("title")[0].split(" · ")[0], page.text("title")
    assert page.all("html")[0]["lang"] in ("en-gb", "cy")
    for tag, attributes in page.tags:
        assert "style" not in attributes, (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        if tag == "script":
            assert attributes.get("src"), attributes
        if tag == "style":
            raise AssertionError("a style element")
        if tag == "img":
            assert "alt" in attributes, attributes
    ids = [attributes["id"] for _tag, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids)), sorted(i for i in set(ids) if ids.count(i) > 1)
    labels = {attributes.get("for") for attributes in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for attributes in page.all(tag):
            if attributes.get("type") not in ("hidden", "submit"):
                assert attributes.get("id") in labels or attributes.get("aria-label"), attributes
    return page
