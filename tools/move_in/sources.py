"""The way in: a file of a source, as rows."""

import io
from itertools import islice

from .columns import recognise
from .json_stream import read_objects
from .mapped import read_mapped
from .objects import read_objects_of
from .rows import Unreadable
from .table import read_table

WITH_JSON = ("respondio", "hubspot")


def is_json(stream):
    """:return: whether the file begins as JSON does; it is at its beginning again"""
    head = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    stream.seek(0)
    return head.startswith((b"{", b"["))


def read_headers(source, stream):
    """:return: tuple of the list of headers, none where the file is JSON, and what they are; see ``recognise``
    :raises Unreadable: when it is neither
    """
    if is_json(stream):
        if source not in WITH_JSON:
            raise Unreadable("json_source")
        return [], []
    headers, _rows = read_table(stream)
    return headers, recognise(source, headers)


def read_rows(source, stream, moments, columns=None, skipped=0):
    """
    :param str source: a value of ``lifecycle.import.source``
    :param stream: binary file
    :param moments: ``Moments``
    :param int skipped: number of rows at the beginning that are left out
    :param columns: dict header -> (target or None, stage, whether in UTC); else what is recognised
    :return: iterator of ``SourceRow``
    :raises Unreadable: when the file is neither a table nor JSON of this source
    """
    if is_json(stream):
        if source not in WITH_JSON:
            raise Unreadable("json_source")
        return read_objects_of(source, islice(read_objects(stream), skipped, None), moments)
    headers, rows = read_table(stream)
    found = recognise(source, headers)
    chosen = [(columns or {}).get(header, column) for header, column in zip(headers, found, strict=True)]
    if not any(target for target, _stage, _is_utc in chosen):
        raise Unreadable("no_columns")
    return read_mapped(source, chosen, islice(rows, skipped, None), moments)


def open_bytes(data):
    return io.BytesIO(data or b"")
