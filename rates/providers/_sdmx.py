"""What SDMX servers say when they have no data."""

from __future__ import annotations

import re

from rates.errors import NotFound
from rates.model import Reply
from rates.providers._shared import said

# A window without data is answered with status 404 and words such as these; another 404 would be a moved address.
NOTHING = re.compile(rb"no ?(data|results|records)", re.IGNORECASE)


def has_rows(reply: Reply) -> bool:
    """False when the server says that it has none; NotFound for a 404 that says something else."""
    if reply.status < 400:
        return True
    if NOTHING.search(reply.body):
        return False
    raise NotFound(f"answers {said(reply.body.decode('utf-8', 'replace'))!r}: the address has moved")
