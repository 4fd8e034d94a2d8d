"""How much a submission may use."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Limits of one submission.

    Attributes:
        seconds: of the whole run, by the clock; then it is killed.
        cpu: seconds of processors that all its processes use together.
        cell_seconds: of one cell or one call; then it is told to stop, and the next one runs.
        memory: bytes that all its processes hold together.
        data: bytes of data of one process. (Not of addresses: TensorFlow alone maps 2.3 GB.)
        disk: bytes of each of its two folders, /tmp and /dev/shm, which live in memory.
        file: bytes of one file.
        processes: how many, threads among them.
        printed: bytes that it may print.
        artefacts: bytes that all its answers may have.
    """

    seconds: float = 300
    cpu: float = 150
    cell_seconds: float = 120
    memory: int = 2500 * MB
    data: int = 2500 * MB
    disk: int = 100 * MB
    file: int = 50 * MB
    processes: int = 120
    printed: int = 10 * MB
    artefacts: int = 32 * MB
