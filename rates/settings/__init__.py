"""Settings. Each source overrides the one before: defaults, the settings file, RATES_ variables, flags.

`schema` declares each setting once, `parsers` read their values, `sources` loads them from file and environment.
`Settings(...)` makes a record with other values than the defaults; `load()` gives the one of file and environment.
`rates config` prints the settings file with every setting explained.
"""

from __future__ import annotations

from rates.settings.parsers import FORMATS, MACHINE_FORMATS, MODES, TABLE_FORMATS, VIAS
from rates.settings.schema import SETTINGS, Setting, Settings
from rates.settings.sources import config_path, load, origin

__all__ = [
    "FORMATS",
    "MACHINE_FORMATS",
    "MODES",
    "SETTINGS",
    "TABLE_FORMATS",
    "VIAS",
    "Setting",
    "Settings",
    "config_path",
    "load",
    "origin",
]
