"""Times of things that are compared, measured in turns, as a busy machine slows all of them alike."""

import random
import statistics
import time
from contextlib import nullcontext


def in_turns(*arguments, **options):
    """
    :return: the medians of what ``all_in_turns`` returns, in seconds
    """
    return [statistics.median(times) for times in all_in_turns(*arguments, **options)]


def all_in_turns(rounds, ours, theirs, ours_within=nullcontext, theirs_within=nullcontext):
    """Time both calls once a round, now one first and now the other.

    :param int rounds: number of times each call is timed, after one that is not
    :param ours: callable without arguments
    :param theirs: callable without arguments
    :param ours_within: makes a context manager around each run of ``ours``, entered and left off the clock
    :param theirs_within: the same for ``theirs``
    :return: two lists of times, in seconds
    """
    calls = [(ours, ours_within, []), (theirs, theirs_within, [])]
    order = list(calls)
    shuffle = random.Random(1).shuffle
    for number in range(rounds + 1):
        shuffle(order)
        for call, within, times in order:
            with within():
                start = time.perf_counter()
                call()
                if number:
                    times.append(time.perf_counter() - start)
    return [times for _call, _within, times in calls]


class Table:
    """Rows of what was measured, what it is compared with, and the ratio that is allowed."""

    titles = ("measured", "size", "ours", "compared with", "theirs", "ratio", "limit", "")

    def __init__(self, size=""):
        self.size = size  # of the database, for the rows that are added
        self.rows = []

    def add(self, measured, ours, compared_with, theirs, limit):
        """
        :param float ours: seconds
        :param float theirs: seconds
        :param limit: the largest ratio of ours to theirs that is allowed, or None where it is only shown
        """
        ratio = ours / theirs
        verdict = "" if limit is None else "ok" if ratio <= limit else "MISSED"
        cells = (
            f"{ours * 1000:.3f} ms",
            compared_with,
            f"{theirs * 1000:.3f} ms",
            f"{ratio:.3f}",
            "" if limit is None else f"{limit:g}",
        )
        self.rows.append((measured, self.size, *cells, verdict))

    def add_value(self, measured, value, unit, limit):
        """
        :param float value: what was measured, where there is nothing to compare it with
        :param limit: the largest value that is allowed
        """
        verdict = "ok" if value <= limit else "MISSED"
        self.rows.append(
            (measured, self.size, f"{value:.1f} {unit}", "", "", "", f"{limit:g} {unit}", verdict)
        )

    def is_within_limits(self):
        return not any(row[-1] == "MISSED" for row in self.rows)

    def __str__(self):
        rows = [self.titles, *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self.titles))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )
