"""A comparison for other programs: pure functions from the record to text."""

from __future__ import annotations

from rates.compare.exports.hyperfine import to_hyperfine
from rates.compare.exports.own import SCHEMA, document, to_json

__all__ = ["SCHEMA", "document", "to_hyperfine", "to_json"]
