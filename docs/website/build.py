"""Build the site into ``dist/site``, from the notebooks as they are stored.

``python3 workbook.py site`` runs this file. The pages are laid out in a temporary folder, with the
paths that they have in the project so that every link holds; Sphinx makes the site of them; then
each link within it is followed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from docs.standalone import write_edition
from docs.tables import load_notebooks
from docs.website.links import follow, pages_of
from docs.website.pages import myth_page, page

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SITE = ROOT / "dist" / "site"
FILES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "data/README.md"]
FOLDERS = ["docs", "helpers"]  # pages, and files that pages link to


class SiteError(Exception):
    """The site could not be built; ``str()`` says why."""


def build(site: Path) -> list[str]:
    """Build the site into a folder, made anew, and return the addresses that it links to elsewhere.

    Raises:
        SiteError: Sphinx warned of something, or a link leads nowhere.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder).resolve() / "source"
        lay_out(source)
        if site.exists():
            shutil.rmtree(site)
        run_sphinx(source, site)
    broken, elsewhere = follow(site)
    if broken:
        raise SiteError("\n".join(broken))
    return elsewhere


def lay_out(source: Path) -> None:
    """Put everything that Sphinx reads into a folder."""
    ignored = shutil.ignore_patterns("__pycache__", "website")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in FILES:
        (source / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    for path in HERE.glob("*.md"):
        shutil.copy(path, source)
    (source / "notebooks").mkdir()
    shutil.copytree(ROOT / "notebooks", source / "files" / "notebooks")
    write_edition(source / "files" / "standalone")
    notebooks = load_notebooks()
    myths = myth_page(notebooks["05_custom_datasets"]["cells"])
    (source / "notebooks" / "myths.md").write_text(myths, encoding="utf-8")
    for name, notebook in notebooks.items():
        downloads = {"Download this notebook": f"../files/notebooks/{name}.ipynb"}
        downloads["the same as one file that runs alone"] = f"../files/standalone/{name}.ipynb"
        notebook["cells"] = page(notebook["cells"], downloads)
        text = json.dumps(notebook, ensure_ascii=False)
        (source / "notebooks" / f"{name}.ipynb").write_text(text, encoding="utf-8")


def run_sphinx(source: Path, site: Path) -> None:
    """Make the site of the pages; a warning is an error."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-c", str(HERE), "-q", "-W"]
    command += ["--keep-going", "-d", str(source.parent / "doctrees"), str(source), str(site)]
    result = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        raise SiteError(result.stderr.strip().replace(f"{source}/", ""))
    (site / ".buildinfo").unlink(missing_ok=True)


def main() -> int:
    """Build the site, and say how large it is."""
    started = time.monotonic()
    try:
        elsewhere = build(SITE)
    except SiteError as error:
        print(f"The site could not be built:\n{error}", file=sys.stderr)
        return 1
    seconds = time.monotonic() - started
    listed = SITE.with_name("links.txt")
    listed.write_text("\n".join(elsewhere) + "\n", encoding="utf-8")
    print(f"{len(pages_of(SITE))} pages in {seconds:.0f} s: open {SITE / 'index.html'}")
    print(f"Links within the site hold; the {len(elsewhere)} to elsewhere are listed in {listed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
