"""Count the exercises of each notebook by their kinds: ``python3 workbook.py exercises``."""

from collections import Counter

from helpers.exercises.definition import KINDS, exercise_names, load_exercise


def main() -> None:
    """Print a line for each notebook, and one for all."""
    counts: dict[str, Counter[str]] = {}
    wrongs = 0
    for name in exercise_names():
        exercise = load_exercise(name)
        counts.setdefault(name.split("/")[0], Counter())[exercise.kind] += 1
        wrongs += len(exercise.wrongs)
    counts["all"] = sum(counts.values(), Counter())
    print(f"{'':18}{''.join(f'{kind:>9}' for kind in KINDS)}{'all':>9}")
    for group, kinds in counts.items():
        cells = "".join(f"{kinds[kind]:9}" for kind in KINDS)
        print(f"{group:18}{cells}{kinds.total():9}")
    print(f"{wrongs} known wrong answers, each with its own sentence")


if __name__ == "__main__":
    main()
