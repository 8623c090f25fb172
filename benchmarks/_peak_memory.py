"""The most memory this process has held."""

from pathlib import Path


def peak_mb() -> float:
    """Megabytes, of this program alone: ``ru_maxrss`` would still hold what its parent had before starting it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
