"""Follow every link of a built site without leaving the folder it is in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit


@dataclass
class Page(HTMLParser):
    """The links of a page, and the places in it that a link can name."""

    path: Path
    targets: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Read the page."""
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collect what a tag links to and what it is called."""
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.targets.append(value)
            elif name == "id" and value:
                self.names.add(value)


def pages_of(site: Path) -> list[Path]:
    """Return the pages of a site; a theme may keep templates among its files."""
    return [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]


def follow(folder: Path) -> tuple[list[str], list[str]]:
    """Return the broken links within a site, a sentence for each, and all addresses elsewhere."""
    pages = {path: Page(path) for path in pages_of(folder)}
    broken, elsewhere = [], set()
    for page in pages.values():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme == "data":
                continue
            if parts.scheme or parts.netloc:
                elsewhere.add(target)
                continue
            address, fragment = urldefrag(target)
            path = (page.path.parent / unquote(address.split("?")[0])).resolve()
            path = page.path if not address else path
            found = path.is_file()
            if found and fragment and path in pages:
                found = unquote(fragment) in pages[path].names
            if not found:
                broken.append(f"{page.path.relative_to(folder)} links to {target}: not there")
    return broken, sorted(elsewhere)
