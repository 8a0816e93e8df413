"""The small library beneath the workbook's notebooks.

Read it from the ground up: ``errors``, ``device``, ``seeding``, ``progress``; then
``downloads`` and ``predictions``; then ``datasets``, ``batches``, ``letters``, ``shapes``,
``splits``, ``audit``, ``colab`` and ``standalone``; then ``loaders``, ``models`` and ``training``;
then ``checkpoints``, ``exercises``, ``fast``, ``figures``, ``explorers`` and ``train_mnist``.
A module imports only from its own level and those below, and importing this package loads nothing.
"""

__version__ = "0.1.0"
