"""
title = "Names that lead out"
kind = "write"
level = 2
minutes = 5
concepts = ["C03"]
task = '''Return those of the `names` in a zip that must be refused before it is unpacked, in the same order. A name is refused if it is absolute (it begins with a slash or with the letter of a drive, such as `C:`), or if one of its parts is exactly `..`. Parts are separated by `/` or, on Windows, by the other slash; refuse what is bad on either.'''
right = "An archive with such a name would overwrite files elsewhere, so nothing at all is taken from it: this is what `unzip` of helpers does."
hints = [
    "The name `a..b.png` is harmless, and `a/../b.png` is not: so look at the parts, not at the letters.",
    "`PureWindowsPath(name)` knows both kinds of slashes on every computer; it has `.parts` and `.anchor` (the root or drive, or an empty text).",
    "In the loop: `path = PureWindowsPath(name)`, then append the name if `path.anchor` is not empty or ... in `path.parts`.",
]
"""

# %% setup
import os
import re
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath


# %% stub
from pathlib import PureWindowsPath


def refused_names(names: list[str]) -> list[str]:
    """Return the names that are absolute or have a part '..'."""
    refused = []
    for name in names:
        ...
    return refused


# %% solution
from pathlib import PureWindowsPath


def refused_names(names):
    refused = []
    for name in names:
        path = PureWindowsPath(name)
        if path.anchor or ".." in path.parts:
            refused.append(name)
    return refused


# %% also right: by hand
def refused_names(names):
    refused = []
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if parts[0] == "" or name[1:2] == ":" or ".." in parts:
            refused.append(name)
    return refused


# %% also right: a regular expression
def refused_names(names):
    bad = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)")
    return [name for name in names if bad.search(name)]


# %% also right: filter
def refused_names(names):
    def is_bad(name):
        name = "/".join(name.split("\\"))
        drive = len(name) > 1 and name[1] == ":" and name[0].isalpha()
        return name.startswith("/") or drive or "/../" in f"/{name}/"

    return list(filter(is_bad, names))


# %% wrong: Two dots inside a name, as in `a..b.png`, are harmless; only a whole part `..` climbs.
def refused_names(names):
    refused = []
    for name in names:
        if ".." in name or PureWindowsPath(name).anchor:
            refused.append(name)
    return refused


# %% wrong: A part `..` was looked for at the beginning alone; it climbs from any place in the name.
def refused_names(names):
    refused = []
    for name in names:
        path = PureWindowsPath(name)
        if path.anchor or path.parts[0] == "..":
            refused.append(name)
    return refused


# %% wrong: Only `/` counted as a slash: on Windows the other slash leads out too.
def refused_names(names):
    refused = []
    for name in names:
        if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
            refused.append(name)
    return refused


# %% wrong: The parts `..` were found, and absolute names were let through: joined to a folder, they replace it.
def refused_names(names):
    refused = []
    for name in names:
        if ".." in PureWindowsPath(name).parts:
            refused.append(name)
    return refused


# %% wrong: This judges as Linux and macOS do; drives and the slashes of Windows were let through.
def refused_names(names):
    refused = []
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            refused.append(name)
    return refused


# %% wrong: On Windows a path is "absolute" only with both drive and slash: names with one of the two were let through, and they lead out as well.
def refused_names(names):
    refused = []
    for name in names:
        path = PureWindowsPath(name)
        if path.is_absolute() or ".." in path.parts:
            refused.append(name)
    return refused


# %% wrong: Absolute names were found, and those with a part `..` were let through.
def refused_names(names):
    return [name for name in names if PureWindowsPath(name).anchor]


# %% wrong: These are the names that may stay; those that are refused were asked for.
def refused_names(names):
    kept = []
    for name in names:
        path = PureWindowsPath(name)
        if not (path.anchor or ".." in path.parts):
            kept.append(name)
    return kept


# %% wrong: This says yes or no for each name; the refused names themselves were asked for.
def refused_names(names):
    paths = [PureWindowsPath(name) for name in names]
    return [bool(path.anchor) or ".." in path.parts for path in paths]


# %% wrong: It stopped at the first bad name; there may be more of them.
def refused_names(names):
    refused = []
    for name in names:
        path = PureWindowsPath(name)
        if path.anchor or ".." in path.parts:
            refused.append(name)
            break
    return refused


# %% wrong: Only two dots were looked for, and anywhere: `a..b.png` is harmless, and an absolute name has none.
def refused_names(names):
    return [name for name in names if ".." in name]


# %% wrong: Only the first letters of a name were looked at: `..a.png` is harmless, and `a/../../b.png` is not.
def refused_names(names):
    return [n for n in names if n.startswith(("/", "\\", "..")) or n[1:2] == ":"]


# %% wrong: Two dots were looked for anywhere in a name, and at its beginning only `/`: `a..b.png` is harmless, and the other slash and the letter of a drive lead out too.
def refused_names(names):
    return [name for name in names if ".." in name or name.startswith("/")]


# %% wrong: Two dots with a slash after them were looked for: the part `images..` is harmless, and a `..` at the very end is not.
def refused_names(names):
    return [n for n in names if PureWindowsPath(n).anchor or "../" in n.replace("\\", "/")]


# %% wrong: A name with both the letter of a drive and a slash, or with `/` at the beginning, was found; one with the letter alone, or with the other slash alone, leads out too.
def refused_names(names):
    refused = []
    for name in names:
        path = PureWindowsPath(name)
        if path.is_absolute() or PurePosixPath(name).is_absolute() or ".." in path.parts:
            refused.append(name)
    return refused


# %% wrong: At the beginning of a name two dots alone were enough: `..a.png` is harmless. And `..` at the very end, or between two slashes of Windows, was let through.
def refused_names(names):
    bad = ("/", chr(92), "..")
    return [n for n in names if n.startswith(bad) or n[1:2] == ":" or "/../" in n]


# %% wrong: A colon was looked for anywhere in a name; it means a drive only behind the first letter, as in `C:`.
def refused_names(names):
    refused = []
    for name in names:
        path = PureWindowsPath(name)
        if path.anchor or ":" in name or ".." in path.parts:
            refused.append(name)
    return refused


# %% wrong: A name that is bad in two ways stands in the list twice.
def refused_names(names):
    refused = []
    for name in names:
        path = PureWindowsPath(name)
        if path.anchor:
            refused.append(name)
        if ".." in path.parts:
            refused.append(name)
    return refused


# %% wrong: A name may be one letter long, and then it has no `name[1]`.
def refused_names(names):
    refused = []
    for name in names:
        if name[0] in "/\\" or name[1] == ":" or ".." in re.split(r"[/\\]", name):
            refused.append(name)
    return refused


# %% wrong: Only `C:` was taken for a drive; there are other letters, and small ones mean the same.
def refused_names(names):
    refused = []
    for name in names:
        path = name.replace("\\", "/")
        if path.startswith(("/", "C:")) or ".." in path.split("/"):
            refused.append(name)
    return refused


# %% wrong: Only capital letters were taken for a drive; `c:` is the same drive as `C:`.
def refused_names(names):
    bad = re.compile(r"[/\\]|[A-Z]:")
    return [name for name in names if bad.match(name) or ".." in re.split(r"[/\\]", name)]


# %% wrong: Only capital letters were taken for a drive, and only `/` for a slash at the beginning; `c:` and the other slash lead out too.
def refused_names(names):
    bad = re.compile(r"/|[A-Z]:")
    return [name for name in names if bad.match(name) or ".." in re.split(r"[/\\]", name)]


# %% wrong: The absolute names were found; but a part `..` was looked for between slashes `/` only, and on Windows the other slash separates parts too.
def refused_names(names):
    bad = re.compile(r"[/\\]|[A-Za-z]:")
    return [name for name in names if bad.match(name) or ".." in name.split("/")]


# %% wrong: The names were tidied up first: `images/../a.png` is then `a.png`, though it has a part `..`, and `..a.png` has none. The drives and slashes of Windows were let through.
def refused_names(names):
    import posixpath

    refused = []
    for name in names:
        if posixpath.isabs(name) or posixpath.normpath(name).startswith(".."):
            refused.append(name)
    return refused


# %% wrong: Neither way to ask whether a name is absolute finds the letter of a drive without a slash, or the other slash without a letter; and parts `..` were looked for between slashes `/` only.
def refused_names(names):
    refused = []
    for name in names:
        posix, windows = PurePosixPath(name), PureWindowsPath(name)
        if posix.is_absolute() or windows.is_absolute() or ".." in posix.parts:
            refused.append(name)
    return refused


# %% wrong: The names are the right ones, but in the order of the alphabet; the order of `names` was asked for.
def refused_names(names):
    paths = {name: PureWindowsPath(name) for name in names}
    return sorted(n for n, path in paths.items() if path.anchor or ".." in path.parts)


# %% cases
def cases():
    yield (["a.png", "../a.png", "/a.png"],)
    yield (["images/a.png", "a..b.png", "..a.png", "images/...", "images../a.png"],)
    yield (["images/../../a.png", "images/../a.png", "images/.."],)
    yield (["C:/a.png", "c:/b.png", "D:a.png", "/etc/a.png", "//host/share/a.png"],)
    yield (["\\a.png", "C:\\a.png", "..\\a.png", "a\\..\\..\\b.png", "a\\b.png", "a/../b"],)
    yield (["./a.png", "images/", "A/B/C.png", "images/10:30.png"],)
    yield (["/../a.png", "a", "b/c"],)
    yield ([],)


def form(result):
    """Say what a result is, if it is not a list of texts."""
    if not isinstance(result, list | tuple):
        return f"an object of type {type(result).__name__}"
    kinds = sorted({type(item).__name__ for item in result} - {"str"})
    return f"a list of {' and '.join(kinds)}" if kinds else "a list of texts"


def observe(answer, names):
    result = answer(names)
    if result is None:
        return None
    what = form(result)
    if what != "a list of texts":
        return {"the result": what, "the refused names": ""}
    return {"the result": what, "the refused names": "  ".join(result) or "none"}
