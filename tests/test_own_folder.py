"""The cells of notebook 05 that take a reader's own folder, and ImageNet weights, do so."""

import os
import re
import sys
import tempfile
import urllib.request
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from PIL import Image

from helpers.checkpoints import save_checkpoint
from helpers.datasets import data_folder
from helpers.models import CNN
from tests.test_notebooks import PATHS, code_cells, read

SOURCES = {cell.id: cell.source for cell in code_cells(read(PATHS[4]))}
# What stands before section 14 and is used in it: readers, device, network, answer, predictor.
BEFORE = ["05-027", "05-111", "05-070", "05-126", "05-092", "05-094", "05-097"]
OWN = ["05-140", "05-142", "05-144", "05-146", "05-153"]


def only_definitions(source):
    """Keep the imports, functions, classes and plain settings that stand before other code."""
    import ast

    kept = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("device", "metrics"))
    ]
    return "\n".join(ast.unparse(node) for node in kept)


@pytest.fixture
def notebook(tmp_path):
    """Return the names that section 14 finds, with a base that has learned nothing."""
    (tmp_path / "base").mkdir()
    names = {"__name__": "notebook"}
    exec(
        "import torch, numpy as np\nfrom collections import Counter\nfrom pathlib import Path\n"
        "from torch.utils.data import Dataset, TensorDataset\nfrom torchvision.transforms import v2"
        "\nfrom helpers.audit import audit_folder\nfrom helpers.figures import show_images\n"
        "from helpers.datasets import data_folder\n"
        "from helpers.letters import LETTERS\nfrom helpers.loaders import make_loader\n"
        "from helpers.checkpoints import load_checkpoint, save_checkpoint\n"
        "from helpers.splits import random_split\n"
        "from helpers.seeding import seed_everything\n"
        "to_tensor = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])",
        names,
    )
    for cell in BEFORE:
        exec(only_definitions(SOURCES[cell]), names)
    names["workspace"] = tmp_path / "base"
    extra = {"classes": list("ABCDEFGHIJ"), "mean": 0.12, "std": 0.24}
    names["letters_file"] = save_checkpoint(tmp_path / "base" / "letters.pt", CNN(), extra=extra)
    yield names
    plt.close("all")


def make_pictures(root, classes, each=8):
    """Write pictures of each class in its own brightness: all modes, PNG and JPEG, any size."""
    rng = np.random.default_rng(0)
    modes = ["RGB", "L", "RGBA", "P", "LA", "CMYK", "1"]
    for number, name in enumerate(classes):
        (root / name).mkdir(parents=True)
        for i in range(each):
            height, width = rng.integers(20, 90, size=2)
            noise = rng.integers(0, 60, (height, width, 3)) + 80 * number
            mode = modes[i % len(modes)]
            suffix = "jpg" if mode == "CMYK" or (i % 4 == 1 and mode == "L") else "png"
            image = Image.fromarray(noise.astype(np.uint8)).convert(mode)
            image.save(root / name / f"{i}.{suffix}")


@pytest.mark.parametrize(
    "classes", [("cat", "dog", "über uns"), ("1", "2", "10")], ids=["names", "numbers"]
)
def test_a_folder_of_ones_own(notebook, tmp_path, capsys, classes, seen):
    root = tmp_path / "my pictures"
    make_pictures(root, classes)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30), "gray").save(root / classes[0] / "TURNED.JPG", exif=exif)
    Image.fromarray(np.full((30, 30), 9000, dtype=np.uint16)).save(root / classes[0] / "deep.png")
    Image.fromarray(np.full((30, 30), 0.5, dtype=np.float32)).save(root / classes[0] / "float.tif")
    (root / classes[1] / "cut.png").write_bytes((root / classes[1] / "0.png").read_bytes()[:90])
    (root / classes[1] / "._0.png").write_bytes(b"\x00\x05")
    (root / classes[1] / "notes.txt").write_text("x")
    (root / ".ipynb_checkpoints").mkdir()
    before = sorted((path, path.stat().st_mtime_ns) for path in root.rglob("*"))
    line = f"my_folder = {os.fspath(root)!r}"
    source, found = re.subn(r"^my_folder = None.*$", lambda _: line, SOURCES["05-140"], flags=re.M)
    assert found == 1
    exec(source, notebook)
    for cell in OWN[1:]:
        exec(SOURCES[cell], notebook)
    assert notebook["classes"] == list(classes)
    assert len(notebook["pictures"]) == 8 * 3 + 2
    assert {"cut.png", "._0.png", "notes.txt", "float.tif"} == {
        Path(n).name for n in notebook["skipped"]
    }
    said = capsys.readouterr().out
    assert "letters as base: accuracy" in said and "cut.png" in said and "is read as" in said
    predict = notebook["load_predictor"](
        notebook["own_file"], notebook["LetterNet"], notebook["prepare_own"]
    )
    for path, name in ((path, path.parent.name) for path in root.rglob("[0-9].png")):
        assert name in classes and predict(path)[0] in classes
    assert before == sorted((path, path.stat().st_mtime_ns) for path in root.rglob("*"))
    seen(next(line for line in said.splitlines() if line.startswith("left out:")))


# What each EXIF orientation asks for is undone by the same move, but for the two quarter turns.
MOVES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def test_the_dataset_returns_no_wrong_sample(notebook, tmp_path, seen):
    """Each kind of file comes back as the picture that it shows, under its own class, or not."""
    root, rng = tmp_path / "pictures", np.random.default_rng(0)
    shows = {}  # what each good file shows
    for name in ("1", "2", "10"):
        (root / name).mkdir(parents=True)
        for orientation in (1, *MOVES):
            picture = Image.fromarray(rng.integers(0, 256, (20, 30, 3), dtype=np.uint8))
            stored, exif = picture, Image.Exif()
            if orientation > 1:
                stored, exif[0x0112] = picture.transpose(MOVES[orientation]), orientation
            path = root / name / f"{orientation}.PNG"
            stored.save(path, exif=exif)
            shows[path] = picture
    (root / "3").mkdir()  # empty
    (root / ".ipynb_checkpoints").mkdir()
    (root / "1" / ".ipynb_checkpoints").mkdir()
    good = (root / "1" / "1.PNG").read_bytes()
    (root / "1" / ".ipynb_checkpoints" / "copy.png").write_bytes(good)
    (root / "1" / "cut.png").write_bytes(good[:300])
    (root / "2" / "text.jpg").write_text("a text")
    (root / "2" / "notes.txt").write_text("a text")
    Image.new("RGB", (1, 1)).save(root / "10" / "dot.png")
    if sys.platform != "win32":  # where only an administrator makes links
        (root / "again").symlink_to(root, target_is_directory=True)
        (root / "2" / "round").symlink_to(root / "2", target_is_directory=True)
    source = SOURCES["05-140"].replace("my_folder = None", f"my_folder = {os.fspath(root)!r}")
    exec(source, notebook)
    exec(SOURCES["05-142"], notebook)
    assert notebook["classes"] == ["1", "2", "3", "10"]
    samples = notebook["PictureDataset"](root, notebook["classes"], notebook["skipped"])
    assert {path for path, _ in samples.samples} == shows.keys() and len(samples) == len(shows)
    for (path, _), (image, number) in zip(samples.samples, samples, strict=True):
        assert notebook["classes"][number] == path.parent.name
        assert image.tobytes() == shows[path].tobytes(), path
    seen("left out: " + ", ".join(sorted(notebook["skipped"])))


def test_a_folder_that_is_not_there_gets_a_sentence(notebook, tmp_path, seen):
    source = SOURCES["05-140"].replace("my_folder = None", f"my_folder = {str(tmp_path / 'x')!r}")
    with pytest.raises(ValueError, match="There is no folder") as caught:
        exec(source, notebook)
    seen(str(caught.value).replace(str(tmp_path), "…"))


@pytest.mark.parametrize("offline", ["1", "0"])
def test_imagenet_weights_that_cannot_be_had_get_a_sentence(monkeypatch, capsys, tmp_path, offline):
    monkeypatch.setenv("WORKBOOK_OFFLINE", offline)
    monkeypatch.setenv("WORKBOOK_DATA", os.fspath(tmp_path))
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nobody answers
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path))
    source, found = re.subn(
        r"^use_imagenet = False", "use_imagenet = True", SOURCES["05-137"], flags=re.M
    )
    assert found == 1
    urllib.request.install_opener(None)  # one that was made before knows no proxy
    try:
        exec(source, {"torch": torch, "nn": torch.nn, "data_folder": data_folder})
    finally:
        urllib.request.install_opener(None)  # nor may one that knows this proxy stay
    said = capsys.readouterr().out
    assert "stay random" in said and "1,539 of 11,178,051" in said
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("mode", ["I", "F"])
def test_a_file_that_does_not_say_its_range_is_refused(notebook, tmp_path, mode):
    Image.new(mode, (30, 30), 1).save(tmp_path / "odd.tif")
    with pytest.raises(ValueError, match="does not say its range"):
        notebook["open_upright"](tmp_path / "odd.tif")


def test_the_recipe_for_photographs_runs(notebook, tmp_path):
    """The folded code at the end of section 14, with random weights in place of ImageNet's."""
    from torchvision.models import resnet18

    class Weights:
        """What the recipe uses of torchvision's weights."""

        def get_state_dict(self, model_dir, check_hash):
            return resnet18().state_dict()

        def transforms(self):
            from torchvision.models import ResNet18_Weights

            return ResNet18_Weights.IMAGENET1K_V1.transforms()

    root = tmp_path / "photos"
    make_pictures(root, ("cat", "dog"), each=3)
    exec(SOURCES["05-140"].replace("my_folder = None", f"my_folder = {str(root)!r}"), notebook)
    exec(SOURCES["05-142"], notebook)
    (text,) = [c.source for c in read(PATHS[4]).cells if "prepare_photo =" in c.source]
    (code,) = re.findall(r"```python\n(.+?)```", text, flags=re.DOTALL)
    notebook |= {"resnet18": resnet18, "weights": Weights(), "nn": torch.nn}
    exec(code, notebook)
    assert notebook["features"].shape == (6, 512) and not notebook["features"].requires_grad
    notebook["head"](notebook["features"]).sum().backward()
    assert notebook["head"].weight.grad.shape == (2, 512)
    assert all(p.grad is None for p in notebook["base"].parameters())
