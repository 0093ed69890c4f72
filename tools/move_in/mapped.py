"""Rows of a table, by what its columns are said to be."""

from .columns import get_value
from .rows import FIELDS, SourceMove, SourceRow, Unreadable, clean, split

PARTS = ("first_name", "last_name")


def read_mapped(source, columns, rows, moments):
    """
    :param str source: a value of ``lifecycle.import.source``
    :param columns: list, for each column (target or None, stage, whether in UTC), see ``columns.recognise``
    :param rows: iterator of (number, list of cells)
    :return: iterator of ``SourceRow``; one that cannot be read has its problem
    """
    used = [(index, *column) for index, column in enumerate(columns) if column[0]]
    for number, cells in rows:
        row, parts = SourceRow(number), {}
        try:
            if len(cells) > len(columns):  # and it is not known which of them is in the wrong place
                raise Unreadable("beyond", value=clean(cells[-1]))
            for index, target, stage, is_utc in used:
                if (cell := cells[index]) not in (None, ""):
                    if target in PARTS:
                        parts[target] = f"{parts.get(target, '')} {clean(cell)}"
                        continue
                    _read_cell(source, row, target, stage, cell, lambda c=cell, u=is_utc: moments.parse(c, u))
            _finish(row, parts)
        except Unreadable as problem:
            row.problem = problem
        yield row


def _read_cell(source, row, target, stage, cell, read_moment):
    text = clean(cell)
    if target == "stage":
        row.stages = [get_value(source, text)] if text else []
    elif target == "stage_labels":
        row.stages = split(text)
    elif target == "tags":
        row.tags += split(text)
    elif target == "stage_date":
        row.moves.append(SourceMove("", read_moment()))
    elif target == "entered":
        row.moves.append(SourceMove(get_value(source, stage), read_moment()))
    elif target in FIELDS and not getattr(row, target):
        setattr(row, target, text)


def _finish(row, parts):
    """A stage with the date of the stage beside it is a move; then nothing is said of today. A name that is told as a
    whole is the name; else it is made of its parts, in whichever order they are in the file.
    """
    row.name = row.name or clean(" ".join(parts.get(part, "") for part in PARTS))
    dates = [move.when for move in row.moves if not move.stage]
    row.moves = [move for move in row.moves if move.stage]
    if dates and row.stages:
        row.moves.append(SourceMove(row.stages[0], dates[0]))
        row.stages = []
    row.moves.sort(key=lambda move: move.when)
    if not (row.external_id or row.email or row.phone or row.name):
        raise Unreadable("nobody")
