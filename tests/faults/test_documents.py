"""No document, however hostile, takes more than seconds or more than a quarter of a gigabyte, or ends unnamed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.documents import DOCUMENTS, MB

SOON_S = 2.0  # of processor time; what took minutes before takes less than 0.2 s
MEMORY = 250 * MB

QUICK = [name for name, document in DOCUMENTS.items() if not document.large]

CHILD = """
import json, resource, sys, time
from tests.faults.documents import DOCUMENTS
document = DOCUMENTS[sys.argv[1]]
body = open(sys.argv[2], "rb").read()
began = time.process_time()
try:
    document.read(body)
    end = "read"
except ValueError as error:
    end = f"refused: {error}"
# Not from getrusage: it counts the process that started this one, too.
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(json.dumps([end, time.process_time() - began, peak * 1024]))
"""


@pytest.mark.parametrize("name", QUICK)
def test_a_small_document_is_refused_at_once(name: str) -> None:
    """A short document that asks for much is a ValueError, which a fetch gives as ParseError, in no time."""
    document = DOCUMENTS[name]
    body = document.make()
    assert len(body) < 4 * MB
    began = time.process_time()
    with pytest.raises(ValueError, match=r".") as raised:
        document.read(body)
    assert time.process_time() - began < SOON_S
    assert len(str(raised.value)) < 1000


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_time_and_memory_are_bounded(name: str, tmp_path: Path) -> None:
    """The peak of memory is at most 250 MB or ten times the document, in a process that is started for the reading."""
    body = DOCUMENTS[name].make()
    file = tmp_path / "document"
    file.write_bytes(body)
    found = subprocess.run(
        [sys.executable, "-c", CHILD, name, file], capture_output=True, text=True, timeout=60, check=True
    )
    end, processor_s, peak = json.loads(found.stdout)
    assert end.startswith("refused: ")
    assert processor_s < SOON_S
    assert peak < max(MEMORY, 10 * len(body))
