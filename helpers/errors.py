"""Errors that speak to the reader of a notebook.

Each message says what was got, what was expected, the likely cause and the mend. In a
notebook only that sentence is shown; in a script Python prints its usual traceback.
"""


class WorkbookError(Exception):
    """Base of all errors that ``helpers`` raises on purpose."""

    def _render_traceback_(self: BaseException) -> list[str]:
        # IPython asks an exception for this method and prints what it returns.
        return [f"{type(self).__name__}: {self}"]


class InputError(WorkbookError, ValueError):
    """An argument, a batch or a model that does not fit the task."""


class TrainingError(WorkbookError, RuntimeError):
    """Training that cannot go on, such as a loss that is not a finite number."""


class TrainingStopped(KeyboardInterrupt):
    """Training that the reader ended, with Ctrl-C or the stop button.

    Attributes:
        history: That of the epochs done, as ``training.fit`` returns it.

    """

    _render_traceback_ = WorkbookError._render_traceback_

    def __init__(self, sentence: str, history: dict[str, list[float]]) -> None:
        super().__init__(sentence)
        self.history = history


class DownloadError(WorkbookError, OSError):
    """A file that could not be fetched or is not the file that was promised."""


class DataFileError(WorkbookError, ValueError):
    """A data file, archive or table whose contents are not what its name promises."""


class CheckpointError(WorkbookError, RuntimeError):
    """A checkpoint that cannot be read, or that belongs to something else."""
