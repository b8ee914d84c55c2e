"""`-v`: what is asked and answered, from the logger `rates`, as lines on standard error while a command runs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

FORM = "%(relativeCreated)6.0f ms  %(message)s"  # since the program began


def log_to_stderr() -> Callable[[], None]:
    """Shows the lines of the logger `rates`; the function that it gives ends that."""
    logger, handler = logging.getLogger("rates"), logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(FORM))
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)

    def end() -> None:
        logger.removeHandler(handler)
        logger.setLevel(before)

    return end
