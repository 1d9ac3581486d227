"""How much memory this process took, and when.

Linux can set a process's high-water mark back, which would make each node's peak exact;
but then `/usr/bin/time` and `getrusage` report what came after the last reset instead
of the peak of the run. So nothing is reset: a thread looks, many times a second.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from array import array
from bisect import bisect_left
from functools import cache
from pathlib import Path
from threading import Lock, Thread

LOOK_EVERY_SECONDS = 0.02
"""A look takes some 20 microseconds: a thousandth of one core."""

_STATM = Path("/proc/self/statm")


def high_water_mb() -> float:
    """Return the most memory this process has had resident so far, in MB (10^6)."""
    mark = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return mark / 1e6 if sys.platform == "darwin" else mark * 1024 / 1e6


def resident_mb() -> float:
    """Return the memory this process has resident now, in MB (10^6).

    Only Linux tells; elsewhere it is the high-water mark, which never falls.
    """
    try:
        pages = int(_STATM.read_text().split()[1])
    except OSError:
        return high_water_mb()
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class MemoryWatch:
    """Looks at this process's memory until it ends, and remembers."""

    def __init__(self) -> None:
        """Begin to look, in a thread of its own."""
        self._instants = array("d")
        self._peaks = array("d")
        self._mark = high_water_mb()
        self._lock = Lock()
        self._look()
        Thread(target=self._keep_looking, name="memory watch", daemon=True).start()

    def peak_mb(self, begin: float, end: float) -> float:
        """Return the most memory that was resident between two instants, in MB.

        Exact where the process took more than ever before; below that a peak shorter
        than the time between two looks may be missed.

        Args:
            begin: in seconds since 1970; nothing is known before the watch began.
            end: in seconds since 1970; the first look from here on counts as well.

        """
        self._look()
        with self._lock:
            first = bisect_left(self._instants, begin)
            last = bisect_left(self._instants, end)
            # A clock that was set back leaves none: then the last look.
            return max(self._peaks[first : last + 1] or self._peaks[-1:])

    def _keep_looking(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            self._look()

    def _look(self) -> None:
        with self._lock:
            mark = high_water_mb()
            peak = mark if mark > self._mark else resident_mb()
            self._mark = mark
            self._instants.append(time.time())
            self._peaks.append(peak)


@cache
def memory_watch() -> MemoryWatch:
    """Return the one watch of this process; the first call begins it."""
    return MemoryWatch()
