"""
title = "Classes from folders"
kind = "write"
level = 2
minutes = 5
concepts = ["C08", "C05"]
task = '''Return the class names in the folder `root`: the names of the folders that lie in it, without hidden ones (their names begin with a dot) and without files. If all the names are whole numbers, sort them as numbers (2 before 10); if not, sort them as text.'''
right = "The place in this list is the class number, so save the list with the model: a list in another order gives every answer a wrong name."
hints = [
    "First collect the names, then decide how to sort them. Which of the names 10 and 2 would `sorted` put first?",
    "`Path(root).iterdir()` visits the folder, `path.is_dir()` tells folders from files, `name.isdecimal()` tells numbers, and `sorted` takes a `key`.",
    "`names = [path.name for path in Path(root).iterdir() if path.is_dir() and not ...]`, then `if all(name.isdecimal() for name in names): return sorted(names, key=...)`.",
]
"""

# %% setup
import os
import re
import tempfile
from pathlib import Path


# %% stub
def class_names(root: Path) -> list[str]:
    """Return the names of the class folders in root, in their order."""
    ...


# %% solution
def class_names(root):
    folders = [path.name for path in Path(root).iterdir() if path.is_dir()]
    names = [name for name in folders if not name.startswith(".")]
    if all(name.isdecimal() for name in names):
        return sorted(names, key=int)
    return sorted(names)


# %% also right: os.scandir, and a try
def class_names(root):
    names = sorted(entry.name for entry in os.scandir(root) if entry.is_dir())
    names = [name for name in names if name[0] != "."]
    try:
        names.sort(key=int)
    except ValueError:
        names.sort()
    return names


# %% also right: os.walk, and one key
def class_names(root):
    _, folders, _ = next(os.walk(root))
    folders = [name for name in folders if not name.startswith(".")]
    numbers = set("".join(folders)) <= set("0123456789")
    return sorted(folders, key=lambda name: int(name) if numbers else name)


# %% also right: glob
def class_names(root):
    names = [p.parts[-1] for p in root.glob("*/") if p.is_dir() and p.name[:1] != "."]
    all_numbers = True
    for name in names:
        all_numbers = all_numbers and name.isdigit()
    names.sort(key=int if all_numbers else str)
    return names


# %% wrong: The numbers were sorted by their length: with zeros in front, as in `002`, a longer one is not always larger.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    numbers = all(name.isdecimal() for name in names)
    return sorted(names, key=lambda name: (len(name) if numbers else 0, name))


# %% wrong: The names were sorted as text, which puts 10 before 2: class number 1 is then not the one that you mean.
def class_names(root):
    return sorted(p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))


# %% wrong: A hidden folder, such as `.git` or `.ipynb_checkpoints`, has become a class.
def class_names(root):
    names = sorted(path.name for path in Path(root).iterdir() if path.is_dir())
    return sorted(names, key=int) if all(name.isdecimal() for name in names) else names


# %% wrong: A file has become a class: not everything in a folder is a folder.
def class_names(root):
    names = sorted(name for name in os.listdir(root) if not name.startswith("."))
    return sorted(names, key=int) if all(name.isdecimal() for name in names) else names


# %% wrong: Everything in the folder has become a class, hidden folders and files too.
def class_names(root):
    names = sorted(os.listdir(root))
    return sorted(names, key=int) if all(name.isdecimal() for name in names) else names


# %% wrong: Here is a name that is no number. Every name was taken for a number, but classes mostly have names that are words.
def class_names(root):
    names = sorted(p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))
    return sorted(names, key=int)


# %% wrong: Short names come first, which is right for numbers alone, and only without zeros in front.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(names, key=lambda name: (len(name), name))


# %% wrong: The numbers themselves were returned; the names of the folders are texts.
def class_names(root):
    names = sorted(p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))
    return sorted(map(int, names)) if all(name.isdecimal() for name in names) else names


# %% wrong: If only some of the names are numbers, all are sorted as text; here the numbers were put in front in their own order.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    numbers = sorted((name for name in names if name.isdecimal()), key=int)
    return numbers + sorted(name for name in names if not name.isdecimal())


# %% wrong: These are whole paths; the names of the folders were asked for.
def class_names(root):
    paths = [p for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    if all(path.name.isdecimal() for path in paths):
        return sorted(paths, key=lambda path: int(path.name))
    return sorted(paths)


# %% wrong: This is everything in the folder, sorted as text: files and hidden folders are no classes, and 10 stands before 2.
def class_names(root):
    return sorted(os.listdir(root))


# %% wrong: Numbers were sorted as text: 10 stands before 2. And a hidden folder, where there is one, has become a class too.
def class_names(root):
    return sorted(path.name for path in root.iterdir() if path.is_dir())


# %% wrong: Folders inside the class folders were taken for classes too.
def class_names(root):
    names = sorted(p.name for p in root.rglob("*") if p.is_dir() and not p.name.startswith("."))
    return sorted(names, key=int) if all(name.isdecimal() for name in names) else names


# %% wrong: The names became numbers, and then texts again: `002` has turned into `2`, and there is no such folder.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    if all(name.isdecimal() for name in names):
        return [str(number) for number in sorted(map(int, names))]
    return sorted(names)


# %% wrong: Numbers inside of names were sorted as numbers too; that is meant only if every name is a whole number.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]

    def key(name):
        return [int(t) if t.isdecimal() else t for t in re.split(r"([0-9]+)", name)]

    return sorted(names, key=key)


# %% wrong: These are objects of `os.scandir`; the names of the folders, as texts, were asked for.
def class_names(root):
    entries = [e for e in os.scandir(root) if e.is_dir() and not e.name.startswith(".")]
    if all(entry.name.isdecimal() for entry in entries):
        return sorted(entries, key=lambda entry: int(entry.name))
    return sorted(entries, key=lambda entry: entry.name)


# %% wrong: This is a set, which keeps no order; the place of a name is its class number.
def class_names(root):
    return {p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")}


# %% wrong: No folder was found at all. Mind that `os.listdir` gives names alone, and `os.path.isdir(name)` looks for them in the folder in which Python runs.
def class_names(root):
    names = [name for name in os.listdir(root) if os.path.isdir(name) and name[0] != "."]
    return sorted(names, key=int) if all(name.isdecimal() for name in names) else sorted(names)


# %% wrong: What stands behind a dot in a name was dropped (`stem` does that): the folder `owl.2` has become `owl`.
def class_names(root):
    names = [p.stem for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(names, key=int) if all(name.isdecimal() for name in names) else sorted(names)


# %% wrong: A folder with a dot inside its name, such as `owl.2`, was left out; only a dot at the beginning hides a folder.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir() and "." not in p.name]
    return sorted(names, key=int) if all(name.isdecimal() for name in names) else sorted(names)


# %% wrong: The names were not sorted: they stand in the order in which this computer happens to list them.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return names if names != sorted(names) else names[::-1]  # some computers list them sorted


# %% wrong: Every name was taken for a number, but classes mostly have names that are words.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(names, key=int)


# %% wrong: Hidden folders have become classes; and short names come first, which is right for numbers alone, and only without zeros in front.
def class_names(root):
    names = [p.name for p in root.iterdir() if p.is_dir()]
    return sorted(names, key=lambda name: (len(name), name))


# %% wrong: A dot was taken for the sign of a file: a file without one has become a class, and a folder with a dot inside its name was left out.
def class_names(root):
    names = sorted(name for name in os.listdir(root) if "." not in name)
    return sorted(names, key=int) if all(name.isdecimal() for name in names) else names


# %% wrong: Folders inside the class folders were taken for classes too. And numbers are sorted as text: 10 stands before 2.
def class_names(root):
    return sorted(p.name for p in root.rglob("*") if p.is_dir() and not p.name.startswith("."))


# %% cases
def cases():
    yield ["dog", "cat"], []
    yield ["2", "10", "1"], []
    yield ["dog", ".git", "ape"], []
    yield ["dog"], ["labels.csv", ".DS_Store"]
    yield ["002", "10", "1", ".idea"], ["README"]
    yield ["9", "12", "a"], []
    yield ["img2", "img10", "ape", "owl.2"], ["7"]
    yield [".hidden"], []


def form(result):
    """Say what a result is, if it is not a list of texts."""
    if not isinstance(result, list | tuple):
        return f"an object of type {type(result).__name__}"
    kinds = sorted({type(item).__name__ for item in result} - {"str"})
    return f"a list of {' and '.join(kinds)}" if kinds else "a list of texts"


def observe(answer, folders, files):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for folder in folders:
            os.mkdir(f"{name}/{folder}")
        if files:
            os.mkdir(f"{name}/{folders[0]}/inner")
        for file in files:
            os.close(os.open(f"{name}/{file}", os.O_CREAT | os.O_WRONLY))
        names = answer(Path(name))
    if names is None:
        return None
    what = form(names)
    if what != "a list of texts":
        return {"the result": what, "the names": ""}
    return {"the result": what, "the names": ", ".join(names) or "none"}
