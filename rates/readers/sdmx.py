"""SDMX: the answer that has no data, and the power of ten of a figure."""

from __future__ import annotations

import re
from decimal import Decimal

from rates.errors import NotFound
from rates.model import Reply
from rates.readers.documents import excerpt

# A window without data is answered with status 404 and words such as these; another 404 is a moved address.
NO_DATA = re.compile(rb"no ?(data|results|records)", re.IGNORECASE)


def has_rows(reply: Reply, no_data: re.Pattern[bytes] = NO_DATA) -> bool:
    """False for status 204, and for a failure status with the words `no_data`; `NotFound` for any other failure.

    The request must allow those statuses.
    """
    if reply.status < 400:
        return reply.status != 204
    if no_data.search(reply.body):
        return False
    raise NotFound(f"answers {excerpt(reply.body.decode('utf-8', 'replace'))!r}: the address has moved")


def power_of_ten(unit_mult: str) -> Decimal:
    """The units that a rate is for: 100 when UNIT_MULT is 2."""
    return Decimal(1).scaleb(int(unit_mult))
