from __future__ import annotations

import sys
import time
from mmap import PAGESIZE, mmap

import pytest

from python_ml.edge import memory
from python_ml.edge.memory import MemoryWatch, high_water_mb, memory_watch, resident_mb

only_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere only the high-water mark is told"
)


def take(megabytes: float) -> mmap:
    """Take pages of the system itself: what is freed to an allocator, it may keep."""
    pages = int(megabytes * 1e6) // PAGESIZE
    taken = mmap(-1, pages * PAGESIZE)
    taken[::PAGESIZE] = b"x" * pages
    return taken


def test_a_peak_above_all_before_is_exact_however_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "LOOK_EVERY_SECONDS", 3600)
    watch, begin = MemoryWatch(), time.time()
    take(high_water_mb() - resident_mb() + 200)
    assert watch.peak_mb(begin, time.time()) == high_water_mb()


@only_linux
def test_each_stretch_has_its_own_peak() -> None:
    take(500)  # the high-water mark, which hides what follows
    watch, before = MemoryWatch(), resident_mb()
    began = time.time()
    taken = take(200)
    time.sleep(10 * memory.LOOK_EVERY_SECONDS)
    del taken
    freed = time.time() + memory.LOOK_EVERY_SECONDS
    time.sleep(3 * memory.LOOK_EVERY_SECONDS)
    assert watch.peak_mb(began, freed) == pytest.approx(before + 200, abs=20)
    assert watch.peak_mb(freed, time.time()) == pytest.approx(before, abs=20)
    assert high_water_mb() > before + 400  # the mark itself is left alone


@only_linux
def test_a_stretch_between_two_looks_has_the_peak_of_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "LOOK_EVERY_SECONDS", 3600)
    watch, instant = MemoryWatch(), time.time()
    taken = take(200)
    next_look = watch.peak_mb(instant, instant)
    del taken
    last_look = watch.peak_mb(time.time(), time.time())
    assert last_look < next_look - 150
    assert watch.peak_mb(instant, instant) == next_look
    after_all = time.time() + 60  # as after a clock was set back
    assert watch.peak_mb(after_all, after_all) == pytest.approx(last_look, abs=20)


def test_a_process_is_watched_once() -> None:
    assert memory_watch() is memory_watch()
