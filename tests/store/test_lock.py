"""The lock: one holder, named; free again when it ends, however it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from store.errors import StoreBusy, StoreError
from store.lock import StoreLock

HOLD = """
import sys, time
from pathlib import Path
from store.lock import StoreLock
lock = StoreLock(Path(sys.argv[2]))
print(lock.acquire(), flush=True)
time.sleep(60)
"""


def test_one_holds_it_and_the_other_does_not(tmp_path: Path) -> None:
    first, second = StoreLock(tmp_path), StoreLock(tmp_path)
    assert first.acquire()
    assert not second.acquire()
    assert (first.held, second.held) == (True, False)
    first.release()
    assert second.acquire()
    second.release()
    assert not second.held


def test_taken_twice_it_is_free_once_given_back(tmp_path: Path) -> None:
    first, second = StoreLock(tmp_path), StoreLock(tmp_path)
    assert first.acquire()
    first.take()
    first.release()
    assert not first.held
    second.take()
    with pytest.raises(StoreBusy, match=rf"the store '{tmp_path}' is being written by process \d+"):
        first.take()
    second.release()


def test_another_process_is_named_and_its_death_frees_the_lock(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, "add", tmp_path], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    lock = StoreLock(tmp_path)
    assert not lock.acquire()
    assert lock.holder() == f"process {holder.pid} (-c add)"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert lock.acquire()
    lock.release()


def test_nobody_is_named_where_nobody_left_a_note(tmp_path: Path) -> None:
    assert StoreLock(tmp_path).holder() == "another process"


def test_a_lock_that_cannot_be_taken_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(StoreError, match=r"the store's lock '.*lock' cannot be taken: Is a dir"):
        StoreLock(tmp_path).acquire()
