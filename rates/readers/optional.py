"""Documents that only a third party's library can read: old Excel workbooks (xls) and PDF. Both are optional extras."""

from __future__ import annotations

from rates.errors import Unsupported
from rates.readers.apart import read_apart

Sheets = dict[str, list[list[str]]]

MOST_CELLS = 200_000
MOST_PAGES = 20  # the sheets of rates seen have one page; more of them would be a report
MOST_CHARACTERS = 200_000


def xls_sheets(body: bytes) -> Sheets:
    """The sheets of a workbook by name, each a list of rows of cells' text; numbers have the 15 digits of Excel.

    The table of sectors may be damaged, which strict readers refuse: that of Bolivia's central bank is. A provider of
    such workbooks looks for the last line. Raises `Unsupported` without the library, ValueError for another file.
    """
    found: Sheets = read_apart(f"{__name__}:read_xls", body)
    return found


def pdf_text(body: bytes) -> str:
    """The text of a PDF, its pages one after the other; a scan has none.

    Raises `Unsupported` without the library, ValueError for another or a damaged file.
    """
    text: str = read_apart(f"{__name__}:read_pdf", body)
    return text


def read_xls(body: bytes) -> Sheets:
    """As `xls_sheets`, in this process."""
    from io import StringIO

    try:
        import xlrd
    except ImportError as error:
        raise _missing("old workbooks (xls)", "xls", "xlrd") from error
    try:
        book = xlrd.open_workbook(file_contents=body, logfile=StringIO(), ignore_workbook_corruption=True)
        if sum(sheet.nrows * sheet.ncols for sheet in book) > MOST_CELLS:
            raise ValueError(f"more than {MOST_CELLS} cells")
        return {sheet.name: [[_text(cell) for cell in sheet.row(row)] for row in range(sheet.nrows)] for sheet in book}
    except MemoryError:
        raise
    except Exception as error:  # damaged bytes lead it into errors of many kinds
        raise ValueError(f"invalid workbook (xls): {type(error).__name__}: {error}") from error


def _text(cell: object) -> str:
    value = getattr(cell, "value", "")
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def read_pdf(body: bytes) -> str:
    """As `pdf_text`, in this process."""
    import logging
    from io import BytesIO

    try:
        import pypdf
    except ImportError as error:
        raise _missing("PDF", "pdf", "pypdf") from error
    logging.getLogger("pypdf").setLevel(
        logging.CRITICAL
    )  # the error names the damage; a hundred lines of log would follow
    try:
        pages = pypdf.PdfReader(BytesIO(body), strict=True).pages
        if len(pages) > MOST_PAGES:
            raise ValueError(f"{len(pages)} pages")
        text = "\n".join(page.extract_text() for page in pages)
    except MemoryError:
        raise
    except Exception as error:  # as with xls
        raise ValueError(f"invalid PDF: {type(error).__name__}: {error}") from error
    return text[:MOST_CHARACTERS]


def _missing(what: str, extra: str, library: str) -> Unsupported:
    return Unsupported(
        f"publishes {what}, which the library {library} reads, and it is not installed",
        hint=f"pip install 'fetch-rates[{extra}]'",
    )
