"""The first sheet of an XLSX file, a row at a time, and from any row on: none is taken apart twice."""

import re
import zipfile
from contextlib import closing
from xml.etree.ElementTree import iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from .rows import Unreadable

MAX_ROWS = 1_048_576  # that a sheet can have
CHUNK = 256 * 1024
MAX_HEAD = 4 * 1024**2  # of a sheet, before its first row
MAX_TAG = 4096
FIRST_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)""")
END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
TEXT, RUN, ITEM = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("t", "r", "si"))


def read_workbook(stream, max_bytes, after=0):
    """
    :param stream: binary file
    :param int max_bytes: that a file may have; unpacked it may have four times as many
    :param int after: number of a row
    :return: iterator of (number, tuple of cells): the rows up to the first with anything in it, then those after the other
    """
    with zipfile.ZipFile(stream) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > max_bytes * 4:
            raise Unreadable("too_large", max=max_bytes // 1024**2)
    stream.seek(0)
    reader = _Reader(stream, read_only=True, data_only=True, keep_links=False)
    try:
        reader.read()
        sheet = reader.wb.worksheets[0]
        # what it says of its size is wrong in the files of many programs
        sheet.reset_dimensions()
        for number, cells in _number(sheet):
            yield number, cells
            if after and any(cell not in (None, "") for cell in cells):
                break
        else:
            return
        open_sheet = sheet._get_source
        sheet._get_source = lambda: closing(_Rest(open_sheet(), after))
        yield from _number(sheet)
    finally:
        reader.archive.close()


def _number(sheet):
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MAX_ROWS:
            raise Unreadable("xlsx")
        yield number, cells


class _Reader(ExcelReader):
    """Reads the texts that the cells share several times as fast: a large file has a million, and is opened more than once."""

    def read_strings(self):
        if part := self.package.find(SHARED_STRINGS):
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = [_get_text(item) for item in _each_item(source)]


def _each_item(source):
    items = iterparse(source, ("start", "end"))
    _event, root = next(items)
    for event, node in items:
        if event == "end" and node.tag == ITEM:
            yield node
            root.clear()


def _get_text(item):
    """:return: its text, plain or in runs, without how it is spoken"""
    texts = [item.findtext(TEXT, ""), *(run.findtext(TEXT, "") for run in item.iterfind(RUN))]
    return "".join(texts).replace("x005F_", "")


class _Rest:
    """The XML of a sheet without its rows up to a number, which are only counted. What is written as nobody writes it is
    left as it is: whoever reads it finds the row by its number all the same.
    """

    def __init__(self, source, after):
        self.source, self.after = source, after
        self.data = self._skip()

    def close(self):
        self.source.close()

    def read(self, size=-1):  # pylint: disable=method-required-super
        if not self.data:
            return self.source.read(size)
        size = len(self.data) if size is None or size < 0 else size
        data, self.data = self.data[:size], self.data[size:]
        return data

    def _skip(self):
        """:return: what comes before the rows, and what has been read of those that are left"""
        data = self.source.read(CHUNK)
        while not (first := FIRST_ROW.search(data)):
            chunk = self.source.read(CHUNK)
            if not chunk or len(data) > MAX_HEAD:
                return data + chunk
            data += chunk
        head, tag, place, number = data[: first.start()], first[0], first.start(), 0
        # as all of them are, which is found sooner than any of them could be
        rows = re.compile(re.escape(tag) + rb"(?=[\s/>])([^>]*)>")
        while True:
            for match in rows.finditer(data, place):
                said = NUMBER.search(match[1])
                number = int(said[1]) if said else number + 1
                if number > self.after:
                    told = b"" if said else b' r="%d"' % number
                    return head + tag + told + data[match.start(1) :]
                place = match.end()
            if end := END.search(data, place):
                return head + data[end.start() :]
            data, place = data[max(place, len(data) - MAX_TAG) :], 0
            chunk = self.source.read(CHUNK)
            if not chunk:
                return head + data
            data += chunk
