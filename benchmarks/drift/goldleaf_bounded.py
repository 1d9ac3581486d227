"""Goldleaf with little memory: the same SQL, with one thread and other settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.drift import goldleaf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOUNDS = {
    "threads": "1",
    "memory_limit": "48MB",
    "enable_external_file_cache": "false",
    # What a statement has freed goes back to the system at once.
    "allocator_flush_threshold": "1MB",
    "allocator_bulk_deallocation_flush_threshold": "1MB",
}


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the script within the bounds."""
    return goldleaf.run(inputs, BOUNDS)
