"""Settings: `schema` declares each once, `parsers` read their values, `sources` load them from file and environment."""

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
