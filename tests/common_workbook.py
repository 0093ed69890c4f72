import io

import openpyxl


def make_book(rows):
    """:return: ``BytesIO`` of a workbook with one sheet of these rows"""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream
