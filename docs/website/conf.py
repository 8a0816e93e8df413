"""What Sphinx is told; ``build.py`` lays out the pages and runs it."""

import importlib.util
from pathlib import Path

HERE = Path(__file__).parent


def vendored_mathjax() -> str:
    """Return the one file of MathJax that the site needs, from the package that carries it."""
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    assert package is not None and package.origin is not None
    return str(Path(package.origin).parent / "static" / "mathjax" / "tex-svg.js")


project = "PyTorch workbook"
language = "en"
extensions = ["myst_nb"]
exclude_patterns = ["files", "helpers", "README.md"]
nitpicky = True

nb_execution_mode = "off"  # the outputs that are stored are shown
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # would be fetched from elsewhere
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "docs.website.pages.slug"
mathjax_path = "tex-svg.js"
mathjax3_config = {"options": {"enableMenu": False}}  # its other files are not here

html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path = [str(HERE / "static"), vendored_mathjax()]
html_favicon = str(HERE / "static" / "icon.svg")
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_css_files = ["site.css"]
templates_path = [str(HERE / "templates")]
html_copy_source = False
html_use_index = False
html_sidebars = {"**": ["contents.html"]}
html_theme_options = {
    "logo": {"text": project},
    "navbar_center": [],
    "navbar_end": ["theme-switcher"],
    "article_header_start": [],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "show_toc_level": 2,
    "search_bar_text": "Search the workbook",
}
