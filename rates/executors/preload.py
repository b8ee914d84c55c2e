"""Imported by a fork server that is started here, and by nothing else.

The server starts with Ctrl-C blocked, so that it prints nothing when one comes while it loads modules. What it forks
inherits that, also processes that the user starts through the same server: they unblock it at once.
"""

from __future__ import annotations

import os

from .worker import hear_interrupts

os.register_at_fork(after_in_child=hear_interrupts)
