"""
title = "Images named in a table"
kind = "write"
level = 3
minutes = 10
concepts = ["C04", "C01"]
task = '''Write a dataset over a CSV file with the columns `file` and `label`; the files are named as seen from the folder in which the CSV lies. A sample is a pair: the Pillow image as it is in its file, and the label as the text of the table. If there is a `transform`, it gets the image, and its result takes the place of the image; `target_transform` does the same for the label. Open an image only when its sample is asked for.'''
right = "With the two hooks the same class serves training, testing and looking at the pictures."
hints = [
    "What must be read once, at the start, and what only for one sample?",
    "`csv.DictReader(file)` gives a dict for each row; `Path(csv_file).parent / row[...]` is the path of an image; `Image.open(path)` reads it.",
    "In `__init__`: keep `self.rows`, the folder and the two functions. In `__getitem__`: `image = Image.open(self.folder / row['file'])`, `label = ...`, then `if self.transform is not None: ...` and the same for the label.",
]
"""

# %% setup
import csv
import os
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset


# %% stub
class TableSet(Dataset):
    """The images named in a CSV file with the columns file and label."""

    def __init__(self, csv_file: Path, transform=None, target_transform=None) -> None: ...

    def __len__(self) -> int: ...

    def __getitem__(self, index: int): ...


# %% solution
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="", encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        row = self.rows[index]
        image, label = Image.open(self.folder / row["file"]), row["label"]
        image = image if self.transform is None else self.transform(image)
        return image, label if self.target_transform is None else self.target_transform(label)


# %% also right: two lists, and functions that do nothing
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        rows = [row for row in csv.DictReader(Path(csv_file).read_text().splitlines())]
        self.paths = [os.path.join(os.path.dirname(csv_file), row["file"]) for row in rows]
        self.labels = [row["label"] for row in rows]
        self.transform = transform or (lambda image: image)
        self.target_transform = target_transform or (lambda label: label)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as image:
            image.load()
        return self.transform(image), self.target_transform(self.labels[index])


# %% also right: a plain reader, and labels transformed in advance
class TableSet:
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.samples = []
        with Path(csv_file).open(newline="") as file:
            reader = csv.reader(file)
            head = next(reader)
            for row in reader:
                label = row[head.index("label")]
                path = Path(csv_file).parent.joinpath(row[head.index("file")])
                self.samples += [(path, target_transform(label) if target_transform else label)]
        self.transform = transform

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        path, label = self.samples[index]
        image = Image.open(path).copy()
        return (image if self.transform is None else self.transform(image)), label


# %% wrong: The path was taken as it stands in the CSV, so it is looked for in the folder in which Python runs; it is meant from the folder of the CSV.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            label = self.target_transform(label)
        return image, label


# %% wrong: `transform` does nothing to the images: it is not called, or what it returns is not used.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: `target_transform` does nothing: it is not called, or what it returns is not used. The label is still the text of the table.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform = transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        if self.transform is not None:
            image = self.transform(image)
        return image, self.rows[index]["label"]


# %% wrong: The two functions are called even where none was given: `None` cannot be called.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        return self.transform(image), self.target_transform(self.rows[index]["label"])


# %% wrong: All images were read at the start, which fills the memory with a large set; open each when its sample is asked for.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.images = [Image.open(folder / row["file"]).copy() for row in self.rows]
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image, label = self.images[index], self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The line with the names of the columns was counted as a sample.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.reader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index][0])
        label = self.rows[index][1]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The first column was taken for the file and the second for the label; the table names its columns, and their order may be another.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.reader(file))[1:]
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index][0])
        label = self.rows[index][1]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: A sample is the image alone; the label belongs to it.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        return image if self.transform is None else self.transform(image)


# %% wrong: `transform` is meant for the image and `target_transform` for the label; here they are the other way round.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.target_transform is not None:
            image = self.target_transform(image)
        if self.transform is not None:
            label = self.transform(label)
        return image, label


# %% wrong: The image was converted to RGB; a sample is the image as it is in its file, unless a transform converts it.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"]).convert("RGB")
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The lines were cut at each comma; a field in quotation marks may hold commas, as in "tabby, grey".
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        head, *lines = Path(csv_file).read_text(encoding="utf-8").splitlines()
        self.rows = [dict(zip(head.split(","), line.split(","))) for line in lines]
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The label was made a number, but it may be a word; what is to become of it, `target_transform` says.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = int(self.rows[index]["label"])
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: `transform` was given an array; it is meant for the Pillow image.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(np.asarray(image))
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The samples are right, but `os.chdir` moved the whole program into another folder: whatever opens a file after this looks for it there.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        os.chdir(Path(csv_file).parent)
        with open(Path(csv_file).name, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The lines were cut at each comma; a field in quotation marks may hold commas, as in "tabby, grey". And the table names its columns: the file need not be the first.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file) as file:
            self.rows = [line.strip().split(",") for line in file][1:]
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index][0])
        label = self.rows[index][1]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The image was closed at the end of its `with` block, and nothing had read its pixels by then: `Image.open` reads them only when they are needed.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        label = self.rows[index]["label"]
        with Image.open(self.folder / self.rows[index]["file"]) as image:
            if self.transform is not None:
                image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: An image is a tensor here. The Pillow image was asked for, and `transform` takes it.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = torch.from_numpy(np.array(Image.open(self.folder / self.rows[index]["file"])))
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: An image is an array here. The Pillow image was asked for, and `transform` takes it.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = np.array(Image.open(self.folder / self.rows[index]["file"]))
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The two functions were applied only where both are given; each may be given without the other.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform and self.target_transform:
            return self.transform(image), self.target_transform(label)
        return image, label


# %% wrong: The two functions do nothing to the samples: they are not called, or what they return is not used.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        return image, label


# %% wrong: `target_transform` was called where there is a `transform`, and not otherwise; each may be given without the other.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image, label = self.transform(image), self.target_transform(label)
        return image, label


# %% wrong: The label was given to `transform`, which is meant for the image.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            label = self.transform(label)
        return image, label


# %% wrong: The rows were not read while the file was open: a reader of `csv` reads them only when it is looped over.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = csv.DictReader(file)
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(list(self.rows))

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The file of the CSV was taken for the folder in which it lies.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file)
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The path was taken as it stands in the CSV, so it is looked for in the folder in which Python runs; it is meant from the folder of the CSV. And the file need not be the first column.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        name, label = self.rows[index].values()
        image = Image.open(name)
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The lines were cut at each comma, which a label in quotation marks may hold; and the table names its columns: the file need not be the first.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file) as file:
            next(file)
            self.rows = [line.strip().split(",") for line in file]
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        name, label = self.rows[index]
        image = Image.open(self.folder / name)
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: The end of its line is still at the label, the lines were cut at each comma, which a label may hold, and the file need not be the first column.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder, self.rows = Path(csv_file).parent, []
        with open(csv_file) as file:
            next(file)
            for line in file:
                name, label = line.split(",")
                self.rows.append((name, label))
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        name, label = self.rows[index]
        image = Image.open(self.folder / name)
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% wrong: A `DictReader` is no list: it has no length and no places, and reads the rows only when it is looped over.
class TableSet(Dataset):
    def __init__(self, csv_file, transform=None, target_transform=None):
        self.folder = Path(csv_file).parent
        with open(csv_file, newline="") as file:
            self.rows = csv.DictReader(file)
        self.transform, self.target_transform = transform, target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        image = Image.open(self.folder / self.rows[index]["file"])
        label = self.rows[index]["label"]
        if self.transform is not None:
            image = self.transform(image)
        return image, self.target_transform(label) if self.target_transform else label


# %% cases
def cases():
    yield "file,label\na.png,cat\nb.png,dog\n", None, None
    yield "file,label\na.png,cat\nb.png,dog\n", "brightness", None
    yield "file,label\na.png,cat\nb.png,dog\n", None, "upper case"
    yield 'file,label\na.png,"tabby, grey"\nb.png,dog\n', None, "upper case"
    yield "label,file\n7,images/2.png\n3,images/1.png\n7,images/3.png\n", "brightness", "number"


FUNCTIONS = {
    None: None,
    "brightness": lambda image: float(image.getextrema()[1]),
    "upper case": lambda text: text.upper(),
    "number": lambda text: int(text) - 3,
}


def plain(value):
    """Describe an image; anything else is its own description."""
    if isinstance(value, torch.Tensor | np.ndarray):
        return "a tensor" if isinstance(value, torch.Tensor) else "a NumPy array"
    if not isinstance(value, Image.Image):
        return value
    try:
        value.load()
    except (AssertionError, AttributeError, OSError, ValueError):  # which one depends on Pillow
        return "a Pillow image that was closed"
    return f"a Pillow image of mode {value.mode} with the pixels {np.array(value).tolist()}"


def observe(answer, csv_text, transform, target_transform):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, here = Path(name), os.getcwd()
        (folder / "images").mkdir()
        (folder / "labels.csv").write_text(csv_text, encoding="utf-8")
        files = [word for word in csv_text.replace("\n", ",").split(",") if ".png" in word]
        for number, file in enumerate(files):
            Image.new("L", (2, 1), 10 * number + 5).save(folder / file)
        try:
            seen = use(answer, folder, files, FUNCTIONS[transform], FUNCTIONS[target_transform])
            return {**seen, "the folder in which Python runs is the same": os.getcwd() == here}
        except OSError as error:  # without the name of the temporary folder
            error.filename = str(error.filename).replace(str(folder), "[folder of the CSV]")
            raise
        finally:
            os.chdir(here)


def use(answer, folder, files, transform, target_transform):
    dataset = answer(folder / "labels.csv", transform, target_transform)
    length = len(dataset)
    samples = [dataset[i] for i in range(length)]
    pairs = all(isinstance(sample, tuple | list) and len(sample) == 2 for sample in samples)
    samples = [(plain(sample[0]), sample[1]) if pairs else plain(sample) for sample in samples]
    for number, file in enumerate(files):
        Image.new("L", (2, 1), 100 + number).save(folder / file)
    later = dataset[0]
    return {
        "len(dataset)": length,
        "the images": [image for image, _ in samples] if pairs else samples,
        "the labels": [label for _, label in samples] if pairs else samples,
        "the image after its file was replaced": plain(later[0]) if pairs else None,
    }
