"""Contacts in JSON, one at a time: pages, lists of pages, lists of contacts, or one line each."""

import codecs
import json
import re

from .rows import Unreadable
from .table import MAX_BYTES, guess_encoding

CHUNK = 65536
MAX_OBJECT = 32 * 1024 * 1024  # characters
LISTS = ("items", "results", "contacts", "data")  # what a page has its contacts in
BLANK = re.compile(r"[ \t\r\n,]*")


def read_objects(stream):
    """
    :param stream: binary file
    :return: iterator of (number of the contact, counted from 1, dict)
    :raises Unreadable: when it is no JSON, or ends in the middle
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    if not size:
        raise Unreadable("empty")
    if size > MAX_BYTES:
        raise Unreadable("too_large", max=MAX_BYTES // 1024**2)
    number = 0
    for value in _Reader(stream).values():
        for contact in _get_contacts(value):
            number += 1
            if not isinstance(contact, dict):
                raise Unreadable("json", row=number)
            yield number, contact
    if not number:
        raise Unreadable("empty")


def _get_contacts(value):
    """:return: list of the contacts of a page, or of the one that it is"""
    if isinstance(value, list):
        return [contact for page in value for contact in _get_contacts(page)]
    if isinstance(value, dict):
        for name in LISTS:
            if isinstance(value.get(name), list):
                return value[name]
    return [value]


class _Reader:
    """Cuts a stream into the values that follow each other in it; those of a list one by one."""

    def __init__(self, stream):
        self._decode = codecs.getincrementaldecoder(guess_encoding(stream))("strict").decode
        self._stream, self._buffer, self._count, self._is_over = stream, "", 0, False
        self._place = 0  # in the buffer, up to where it has been given out
        self._decoder = json.JSONDecoder()

    def values(self):
        depth = 0
        while True:
            self._place = BLANK.match(self._buffer, self._place).end()
            first = self._buffer[self._place : self._place + 1]
            if not first:
                if not self._fill(CHUNK):
                    if depth:
                        raise Unreadable("json", row=self._count + 1)
                    return
            elif depth == 0 and first == "[":
                depth, self._place = 1, self._place + 1
            elif depth and first == "]":
                depth, self._place = 0, self._place + 1
            else:
                value = self._next()
                self._count += 1
                yield value

    def _next(self):
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._place)
            except (ValueError, RecursionError):
                # more by as much as there is: each character is looked at a few times at most
                waiting = len(self._buffer) - self._place
                if waiting > MAX_OBJECT:
                    raise Unreadable("too_large", max=MAX_OBJECT // 1024**2, row=self._count + 1) from None
                if not self._fill(max(CHUNK, waiting)):
                    raise Unreadable("json", row=self._count + 1) from None
                continue
            if end == len(self._buffer) and self._fill(CHUNK):
                continue  # a number may go on
            self._place = end
            return value

    def _fill(self, size):
        """:return: whether there was more"""
        if self._is_over:
            return False
        data = self._stream.read(size)
        self._is_over = not data
        try:
            self._buffer = self._buffer[self._place :] + self._decode(data, final=not data)
        except UnicodeDecodeError:
            raise Unreadable("json", row=self._count + 1) from None
        self._place = 0
        return not self._is_over
