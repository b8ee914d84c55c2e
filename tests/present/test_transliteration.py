from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest

import rates
from rates.present import present_result
from rates.present.transliteration import ascii_for, encodable, register


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 USD · ecb – 5 ± 1 §", "1 USD - ecb - 5 ~ 1 *"),
        ("São Tomé", "Sao Tome"),
        ("Currencies…", "Currencies..."),
        ("Bank of Aus…  AU", "Bank of Aus.. AU"),
        ("日本 €", "?? ?"),
        ("plain", "plain"),
    ],
)
def test_ascii(text: str, shown: str) -> None:
    """Each character becomes one, and an ellipsis in a table takes the space behind it, so that columns stay."""
    assert text.encode("ascii", register()).decode() == shown


def test_what_a_stream_can_show_is_kept() -> None:
    """Only what the encoding lacks is replaced; a stream without an encoding takes all."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    assert encodable("ó · …", stream) == "ó · ..."
    assert encodable("ó · …", io.StringIO()) == "ó · …"


def test_the_worker_prints_on_any_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed prints its tables on a terminal in ASCII too."""
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="ascii", write_through=True))
    present_result(*rates.fetch_rates("USD", offline=True, provider="ecb"))
    assert written.getvalue().startswith(b"1 USD - ecb - reference - Fri 2026-10-30 (")


def test_every_character_that_we_print_is_known() -> None:
    """Each character in the text of the commands and tables is like an ASCII one, but signs of currencies."""
    home = Path(rates.__file__).parent
    for file in [*(home / "cli").glob("*.py"), *(home / "present").glob("*.py")]:
        texts = (node.value for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Constant))
        unknown = {one for text in texts if isinstance(text, str) for one in text if ascii_for(one) == "?" != one}
        assert unknown <= set("€£₹₽₩₺₴¥"), file
