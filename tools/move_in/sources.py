"""The way in: a file of a source, as rows."""

import io
from itertools import chain, islice

from .columns import ONCE, recognise
from .json_stream import read_objects
from .mapped import read_mapped
from .objects import read_objects_of
from .rows import Unreadable
from .table import read_table

WITH_JSON = ("respondio", "hubspot")
SAMPLED = 200  # rows that a column is recognised by
NOTHING = (None, "", False)


def is_json(stream):
    """:return: whether the file begins as JSON does; it is at its beginning again"""
    head = stream.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")  # what marks an encoding as well
    stream.seek(0)
    return head.startswith((b"{", b"["))


def read_headers(source, stream):
    """:return: tuple of the list of headers, none where the file is JSON, what they are, see ``recognise``, and the cells of
        the first rows
    :raises Unreadable: when it is neither
    """
    if is_json(stream):
        if source not in WITH_JSON:
            raise Unreadable("json_source")
        return [], [], []
    headers, rows = read_table(stream)
    sample = [cells for _number, cells in islice(rows, SAMPLED)]
    return headers, recognise(source, headers, sample), sample


def read_rows(source, stream, moments, columns=None, after=0):
    """
    :param str source: a value of ``lifecycle.import.source``
    :param stream: binary file
    :param moments: ``Moments``
    :param columns: dict header -> (target or None, stage, whether in UTC); else what is recognised
    :param int after: number of a row; those up to it are left out
    :return: iterator of ``SourceRow``
    :raises Unreadable: when the file is neither a table nor JSON of this source
    """
    if is_json(stream):
        if source not in WITH_JSON:
            raise Unreadable("json_source")
        later = (pair for pair in read_objects(stream) if pair[0] > after)
        return read_objects_of(source, later, moments)
    headers, rows = read_table(stream, after)
    if columns is None:
        sample = list(islice(rows, SAMPLED))
        chosen, rows = recognise(source, headers, [cells for _number, cells in sample]), chain(sample, rows)
    else:
        chosen = _choose(headers, columns)
    if not any(target for target, _stage, _is_utc in chosen):
        raise Unreadable("no_columns")
    return read_mapped(source, chosen, rows, moments)


def _choose(headers, columns):
    """:return: list of what the columns are; of several with one header the first is what can be but one"""
    chosen, seen = [], set()
    for header in headers:
        column = columns.get(header, NOTHING)
        chosen.append(NOTHING if header in seen and column[0] in ONCE else column)
        seen.add(header)
    return chosen


def open_bytes(data):
    return io.BytesIO(data or b"")
