"""Processor time and memory of other processes, read from outside."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rates.compare import machine

pytestmark = pytest.mark.skipif(not machine.LIVE, reason="no /proc with tasks here")

BUSY = """
import sys, time
block = bytearray({mb} * 2**20)
until = time.process_time() + {cpu_s}
while time.process_time() < until:
    pass
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def _child(mb: int = 0, cpu_s: float = 0.0) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has used so much memory and processor time, and waits."""
    code = BUSY.format(mb=mb, cpu_s=cpu_s)
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            yield child
        finally:
            child.kill()


def test_processor_time_of_another() -> None:
    """A process that computed for 0.2 s is known to have, at once and to the millisecond."""
    with _child(cpu_s=0.2) as child:
        found = machine.cpu_s(child.pid)
        assert 0.2 <= found < 0.6
        time.sleep(0.05)
        assert machine.cpu_s(child.pid) - found < 0.005


def test_processor_time_agrees_with_the_kernel() -> None:
    """The value read from a living process equals that of `getrusage` after its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with _child(cpu_s=0.1) as child:
        found = machine.cpu_s(child.pid)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert found == pytest.approx(told, abs=0.02)


def test_gone_processes_count_nothing() -> None:
    """A process that has ended meanwhile is not an error."""
    with _child() as child:
        pid = child.pid
    child.wait()
    assert machine.cpu_s(pid) == 0.0
    assert machine.peak_mb(pid) is None


def test_memory_of_another() -> None:
    """Fifty more megabytes are seen as fifty."""
    with _child() as small, _child(mb=50) as large:
        one, other = machine.peak_mb(small.pid), machine.peak_mb(large.pid)
    assert one is not None
    assert other is not None
    assert 48 < other - one < 55


def test_own_peak_is_reset() -> None:
    """Memory that this process held before the reset does not count."""
    block = bytearray(60 * 2**20)
    high = machine.peak_mb("self")
    del block
    machine.reset_peak()
    low = machine.peak_mb("self")
    assert high is not None
    assert low is not None
    if low == high:
        pytest.skip("this kernel does not let a peak begin anew")
    assert low < high - 40


def test_members_are_the_new_processes() -> None:
    """Earlier children are not members; later ones are, and their processor time is counted."""
    with _child(cpu_s=0.1) as stranger:
        family = machine.PoolProcesses()
        with _child(cpu_s=0.15) as member:
            family.find()
            assert family.members == {member.pid}
            assert stranger.pid in machine.descendants()
            spent = family.cpu_s()
            assert spent is not None
            assert 0.15 <= spent < 0.5


def test_the_starter_is_a_member() -> None:
    """An earlier process that started a member, such as a fork server, is a member too; this process is not."""
    code = "import subprocess, sys; sys.stdin.readline(); p = subprocess.Popen(['sleep', '60']); "
    code += "print(p.pid, flush=True); sys.stdin.read(); p.kill()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        family = machine.PoolProcesses()
        server.stdin.write(b"\n")
        server.stdin.flush()
        worker = int(server.stdout.readline())
        family.find()
        assert family.members == {server.pid, worker}
        assert os.getpid() not in family.members
        server.stdin.close()
        server.wait()
