"""System calls that no exercise needs, and that would get round a limit of the sandbox.

Memory that belongs to no process (a memfd, System V's shared memory) is not seen by who adds up
what the processes hold; io_uring does what is asked of it past other filters; the rest are doors
into the kernel that need not be open. A filter is a short program for the kernel (classic BPF): it
compares the number of the call with each of these, and answers "not permitted".
"""

import platform
import struct
import tempfile

# Names and numbers from the kernel's tables, arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h (which ARM's 64 bits follow).
CALLS = {
    "x86_64": {
        "shmget": 29, "ptrace": 101, "add_key": 248, "request_key": 249, "keyctl": 250,
        "unshare": 272, "perf_event_open": 298, "setns": 308, "memfd_create": 319, "bpf": 321,
        "userfaultfd": 323, "io_uring_setup": 425, "memfd_secret": 447,
    },
    "aarch64": {
        "shmget": 194, "ptrace": 117, "add_key": 217, "request_key": 218, "keyctl": 219,
        "unshare": 97, "perf_event_open": 241, "setns": 268, "memfd_create": 279, "bpf": 280,
        "userfaultfd": 282, "io_uring_setup": 425, "memfd_secret": 447,
    },
}  # fmt: skip
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
MMAP = {"x86_64": 9, "aarch64": 222}
SHARED_ANONYMOUS = (
    0x21  # flags of mmap: memory that several processes have, and none is said to hold
)
LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
FLAGS = 16 + 3 * 8  # where the lower half of the fourth argument stands
KILL, DENY, ALLOW = 0x80000000, 0x00050001, 0x7FFF0000  # DENY: EPERM
X32 = 0x40000000  # the bit of x86's other way to count its calls


def program(machine: str) -> bytes:
    """The filter for a kind of machine; empty where the numbers are not known."""
    if machine not in CALLS:
        return b""
    calls = sorted(CALLS[machine].values())
    # (operation, jump where true, jump where false, value); jumps count from the next line
    lines = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, ARCHITECTURE[machine]), (RETURN, 0, 0, KILL)]
    lines += [
        (LOAD, 0, 0, 0),
        (AT_LEAST, len(calls) + 1, 0, X32 if machine == "x86_64" else 1 << 31),
    ]
    last = len(calls) + 4  # of the lines that compare; then come ALLOW and DENY
    lines[-1] = (AT_LEAST, last + 1, 0, lines[-1][3])
    lines += [(EQUAL, last - at, 0, call) for at, call in enumerate(calls)]
    lines += [(EQUAL, 0, 3, MMAP[machine]), (LOAD, 0, 0, FLAGS), (AND, 0, 0, SHARED_ANONYMOUS)]
    lines += [(EQUAL, 1, 0, SHARED_ANONYMOUS), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, DENY)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def as_file():
    """The filter in a file, as bubblewrap reads it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115, the caller closes it
    file.write(program(platform.machine()))
    file.seek(0)
    return file
