"""CSV and XLSX files, a row at a time. No cell is run: of a formula there is the text, or what Excel has computed."""

import codecs
import csv
import io
import logging
import re
from contextlib import suppress
from itertools import islice

import chardet

from .rows import Unreadable, clean
from .workbook import read_workbook

MAX_BYTES = 512 * 1024 * 1024
MAX_COLUMNS = 1000
MAX_CELL = 131072  # characters
SAMPLE = 256 * 1024  # bytes that the encoding is guessed from
SEPARATORS = ",;\t|"
SAID = re.compile("\ufeff?sep=(.)\r?\n")  # for Excel

_logger = logging.getLogger(__name__)


def read_table(stream, after=0):
    """
    :param stream: binary file that can be sought in
    :param int after: number of a line; those up to it are left out
    :return: tuple of the list of headers and an iterator of (number of the line, list of cells); a row that has more cells
        than headers says more than the header does
    :raises Unreadable: when it is no table
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if not size:
        raise Unreadable("empty")
    if size > MAX_BYTES:
        raise Unreadable("too_large", max=MAX_BYTES // 1024**2)
    head = stream.read(4)
    stream.seek(0)
    rows = _read_xlsx(stream, after) if head == b"PK\x03\x04" else _read_csv(stream)
    for _number, cells in rows:
        if any(cell not in (None, "") for cell in cells):
            headers = [" ".join(str(cell or "").replace("\0", "").split()) for cell in cells]
            while headers and not headers[-1]:
                headers.pop()
            return headers, _each(rows, len(headers), after)
    raise Unreadable("empty")


def _each(rows, width, after):
    """:return: iterator of rows as wide as the header; where something is beyond it, the first of that is one cell more"""
    for number, cells in rows:
        if number > after and any(cell not in (None, "") for cell in cells):
            beyond = [cell for cell in cells[width:] if clean(cell)][:1]
            yield number, [*cells[:width], *[""] * (width - len(cells)), *beyond]


def _read_csv(stream):
    encoding = guess_encoding(stream)
    text = io.TextIOWrapper(stream, encoding, newline="")
    lines = _Lines(text)
    try:
        sample = text.read(16384)
        text.seek(0)
        if separator := SAID.match(sample):
            next(iter(lines))
        csv.field_size_limit(MAX_CELL)
        reader = csv.reader(lines, _get_dialect(separator[1] if separator else _guess_separator(sample)))
        first = lines.count + 1
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise Unreadable("columns", max=MAX_COLUMNS, row=lines.count)
            yield lines.count, cells
            first = lines.count + 1
    except UnicodeDecodeError as error:
        # what is read at once begins in the line after those that have been given out
        row = lines.count + 1 + error.object[: error.start].count(b"\n")
        raise Unreadable("encoding", encoding=encoding, row=row) from None
    except csv.Error:
        raise Unreadable("table", row=first) from None
    finally:
        with suppress(ValueError):  # who reads no further has closed it
            text.detach()


class _Lines:
    """The lines of a text, of a bounded length: a file without line breaks is no table."""

    def __init__(self, text):
        self.text, self.count = text, 0

    def __iter__(self):
        while line := self.text.readline(MAX_CELL * 8):
            self.count += 1
            if len(line) >= MAX_CELL * 8:
                raise Unreadable("line", row=self.count)
            if "\0" in line:
                raise Unreadable("binary", row=self.count)
            yield line


def _get_dialect(separator):
    class Dialect(csv.excel):
        delimiter = separator
        strict = True  # or a quotation mark that is not closed takes the lines after it along, in silence

    return Dialect


def _guess_separator(sample):
    """:return: the separator that the header has most of, outside quotes"""
    return max(SEPARATORS, key=_first_line(sample).count)


def _first_line(sample):
    """:return: the header without what is in quotes"""
    parts = sample.lstrip("\ufeff\r\n").split('"')
    line = ""
    for part in parts[::2]:
        before, end, _after = part.partition("\n")
        line += before
        if end:
            break
    return line


def guess_encoding(stream):
    """:return: name of the encoding; the stream is at its beginning again"""
    sample = stream.read(SAMPLE)
    stream.seek(0)
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        raise Unreadable("binary")
    try:
        sample.decode()
        return "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(sample) - 3:
            return "utf-8"  # cut in the middle of a character
    guess = chardet.detect(sample)["encoding"]
    return "windows-1252" if not _is_known(guess) or guess.lower() in ("ascii", "iso-8859-1") else guess


def _is_known(encoding):
    """:return: whether Python reads it: not all that is guessed is"""
    try:
        return bool(encoding and codecs.lookup(encoding))
    except LookupError:
        return False


def _read_xlsx(stream, after):
    try:
        for number, cells in read_workbook(stream, MAX_BYTES, after):
            if len(cells) > MAX_COLUMNS and any(cell is not None for cell in cells[MAX_COLUMNS:]):
                raise Unreadable("columns", max=MAX_COLUMNS, row=number)
            yield number, list(islice(cells, MAX_COLUMNS))
    except Unreadable:
        raise
    except Exception:  # of a broken workbook ZIP, XML and openpyxl raise whatever comes
        _logger.info("A workbook cannot be read", exc_info=True)
        raise Unreadable("xlsx") from None
