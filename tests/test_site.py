"""The site, built and then read in a browser that is cut off from the network."""

import functools
import importlib.util
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from docs.tables import load_notebooks
from docs.website import build
from docs.website.links import follow, pages_of
from docs.website.pages import page as page_of
from helpers.exercises.definition import exercise_names
from tests.browser import Watch

REPO = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(path.stem for path in (REPO / "notebooks").glob("*.ipynb"))
PAGES = [
    "index",
    "use",
    *(f"notebooks/{name}" for name in NOTEBOOKS),
    "notebooks/myths",
    "docs/concepts",
    "docs/glossary",
    "docs/several_machines",
    "data/README",
    "CONTRIBUTING",
    "CHANGELOG",
    "search",
]
THEMES = ["light", "dark"]


class Elements(HTMLParser):
    """The elements of a page: their names and attributes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `workbook.py site` builds it."""
    folder = tmp_path_factory.mktemp("built") / "site"
    build.build(folder)
    return folder


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not print each request."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served on this machine."""
    handler = functools.partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


# ------------------------------------------------------------------------- what is built


def test_every_page_is_looked_at(site: Path) -> None:
    built = {path.relative_to(site).with_suffix("").as_posix() for path in pages_of(site)}
    assert built == set(PAGES)


def test_the_only_files_fetched_are_its_own(site: Path) -> None:
    for path in pages_of(site):
        elements = Elements(path)
        fetched = [
            it.get("src") for tag in ("script", "img", "iframe") for it in elements.named(tag)
        ]
        fetched += [it.get("href") for it in elements.named("link")]
        assert not [address for address in fetched if address and "//" in address], path.name


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_exercise_has_its_solution_below(site: Path, name: str) -> None:
    text = (site / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
    exercises = [it for it in exercise_names() if it.split("/")[0] == name.split("_", 1)[1]]
    assert len(exercises) > 10
    assert text.count("<summary>Solution: ") == len(exercises)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_figure_has_its_description(site: Path, name: str) -> None:
    cells = load_notebooks()[name]["cells"]
    pictures = sum(
        "image/png" in output.get("data", {})
        for cell in cells
        for output in cell.get("outputs", [])
    )
    text = (site / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
    elements = Elements(site / "notebooks" / f"{name}.html")
    assert pictures > 5
    assert len(elements.named("figure")) == len(elements.named("figcaption")) == pictures
    assert text.count("<em>Figure:</em>") == pictures, "each sentence is its caption, and only that"
    assert all(image.get("alt") for image in elements.named("img"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_download_is_the_stored_notebook(site: Path, name: str) -> None:
    elements = Elements(site / "notebooks" / f"{name}.html")
    offered = [it["href"] for it in elements.named("a") if "download" in it]
    files = [(site / "notebooks" / str(address)).read_bytes() for address in offered]
    plain, alone = files[:2]  # further down a page may offer a program
    assert plain == (REPO / "notebooks" / f"{name}.ipynb").read_bytes()
    assert b"def bring_helpers" in alone and b"def bring_helpers" not in plain


def test_code_that_jupyterlab_folds_is_folded() -> None:
    cell = {"cell_type": "code", "metadata": {"jupyter": {"source_hidden": True}}, "source": "1"}
    (title, _) = page_of([{"cell_type": "markdown", "metadata": {}, "source": "# T"}, cell], {})
    assert title["source"].startswith("# T")
    assert cell["metadata"]["tags"] == ["hide-input"]


def test_a_reference_to_nothing_ends_the_build(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "index.md").write_text("# Title\n\n[here](index.md#not-there)\n", encoding="utf-8")
    with pytest.raises(build.SiteError, match=r"index\.md:3.*not-there"):
        build.run_sphinx(source, tmp_path / "site")


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.html").write_text(
        '<a href="b/c.html#d"></a><a href="b/c.html#e"></a><img src="f.png"><a href="#g"></a>'
        '<p id="g"></p><a href="https://example.org/#h"></a>',
        encoding="utf-8",
    )
    (tmp_path / "b" / "c.html").write_text('<p id="d"></p><a href="../a.html?q=1">', "utf-8")
    broken, elsewhere = follow(tmp_path)
    assert broken == [
        "a.html links to b/c.html#e: not there",
        "a.html links to f.png: not there",
    ]
    assert elsewhere == ["https://example.org/#h"]


# ------------------------------------------------------------------------- what is seen


@pytest.fixture
def show(page: Any, address: str, watch: Watch) -> Iterator[Callable[..., Any]]:
    """``show("notebooks/01_tensors", "dark")`` opens a page and waits for its formulas.

    However it is used, no request may try to leave this machine, and no error be reported.
    """

    def open_page(name: str, theme: str = "light", width: int = 1280) -> Any:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.goto(f"{address}/{name}.html")
        page.evaluate("() => window.MathJax ? MathJax.startup.promise : null")
        return page

    yield open_page
    assert watch == Watch()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    show: Callable[..., Any], screenshot: Callable[..., Path], name: str, theme: str
) -> None:
    page = show(name, theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    screenshot("1280")
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_small_telephone_shows_all_of_it(
    show: Callable[..., Any], screenshot: Callable[..., Path], name: str
) -> None:
    page = show(name, width=320)
    screenshot("320")
    # the colours are those of a wide page; what scrolls here has to be in reach of the keyboard
    assert violations(page, rules={"color-contrast": {"enabled": False}}) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def violations(page: Any, **options: Any) -> list[str]:
    """What axe-core has against a page whose folded parts are open, a line a rule."""
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    package = importlib.util.find_spec("axe_playwright_python")  # which carries axe-core
    assert package is not None and package.origin is not None
    page.evaluate(Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8"))
    # its preload asks for style sheets at addresses of its own making
    found = page.evaluate(
        "options => axe.run(document, options).then(results => results.violations)",
        {"preload": False, **options},
    )
    return [
        f"{it['id']} ({len(it['nodes'])} times): {it['help']}: {it['nodes'][0]['html'][:300]}"
        for it in found
    ]


def test_axe_would_find_something(page: Any) -> None:
    page.set_content("<html lang=en><title>T</title><main><h1>T</h1><img src='data:,'></main>")
    assert [told.split(" ")[0] for told in violations(page)] == ["image-alt"]


def test_search_finds_a_term(show: Callable[..., Any], screenshot: Callable[..., Path]) -> None:
    page = show("index")
    page.keyboard.press("Control+k")
    page.keyboard.type("contiguous")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=contiguous")
    first = page.locator("ul.search li a").first
    first.wait_for()
    addresses = page.locator("ul.search li a").evaluate_all("all => all.map(it => it.href)")
    assert any("notebooks/01_tensors.html" in address for address in addresses)
    screenshot("results")


def test_the_button_switches_to_dark_and_the_next_page_stays_dark(
    show: Callable[..., Any], screenshot: Callable[..., Path]
) -> None:
    page = show("index")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(background) != light
    show("notebooks/01_tensors")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    screenshot("dark")


def test_a_folded_solution_opens_with_the_keyboard(
    show: Callable[..., Any], screenshot: Callable[..., Path]
) -> None:
    page = show("notebooks/01_tensors")
    summary = page.locator("summary", has_text="Solution: ").first
    code = summary.locator("xpath=..").locator("pre")
    assert not code.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert code.is_visible()
    screenshot("opened")


def test_formulas_are_drawn_and_can_be_read_aloud(
    show: Callable[..., Any], screenshot: Callable[..., Path]
) -> None:
    page = show("notebooks/02_autograd")
    formulas = page.locator(".math").count()
    assert formulas > 50
    assert page.locator(".math > mjx-container > svg").count() == formulas
    assert page.locator(".math > mjx-container > mjx-assistive-mml > math").count() == formulas
    assert page.locator(".math mjx-container [data-mjx-error]").count() == 0
    page.locator("div.math").first.scroll_into_view_if_needed()
    screenshot("formula")


def test_the_first_tab_skips_to_the_text(show: Callable[..., Any]) -> None:
    page = show("notebooks/01_tensors")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"


@pytest.mark.parametrize("theme", THEMES)
def test_on_paper_there_is_the_text_alone_in_black(
    show: Callable[..., Any], screenshot: Callable[..., Path], theme: str
) -> None:
    page = show("notebooks/02_autograd", theme)
    assert page.locator(".bd-sidebar-primary").is_visible()
    page.emulate_media(media="print", color_scheme=theme)
    for part in (".bd-header", ".bd-sidebar-primary", ".bd-sidebar-secondary", ".headerlink"):
        assert not page.locator(part).first.is_visible(), part
    for part in (
        "article h1",
        "article p",
        "article .highlight span",
        "article code",
        "figcaption",
    ):
        color = page.locator(part).first.evaluate("it => getComputedStyle(it).color")
        assert color == "rgb(0, 0, 0)", part
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    screenshot("paper")
