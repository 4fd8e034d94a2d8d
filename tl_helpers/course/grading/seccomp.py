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
# Calls that are denied with some arguments only: which call, which argument, which bits of it, and
# the values that these must not have. mmap's 0x21 is memory that is shared and anonymous, which
# several processes have and none is said to hold; 38 and 40 are sockets into the kernel's ciphers
# and to a virtual machine's host, which no namespace hides.
WITH = {
    "x86_64": ((9, 3, 0x21, (0x21,)), (41, 0, 0xFFFFFFFF, (38, 40))),
    "aarch64": ((222, 3, 0x21, (0x21,)), (198, 0, 0xFFFFFFFF, (38, 40))),
}
LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
KILL, DENY, ALLOW = 0x80000000, 0x00050001, 0x7FFF0000  # DENY: EPERM
NUMBER, ARCH, ARGUMENTS = 0, 4, 16  # where they stand in what the kernel shows
X32 = 0x40000000  # the bit of x86's other way to count its calls


def program(machine: str) -> bytes:
    """The filter for a kind of machine; empty where the numbers are not known."""
    if machine not in CALLS:
        return b""
    # (operation, where to go if true, if false, value); None is the next line
    lines = [(LOAD, None, None, ARCH), (EQUAL, None, "kill", ARCHITECTURE[machine])]
    lines += [(LOAD, None, None, NUMBER)]
    lines += [(AT_LEAST, "deny", None, X32 if machine == "x86_64" else 1 << 31)]
    lines += [(EQUAL, "deny", None, call) for call in sorted(CALLS[machine].values())]
    for call, argument, bits, values in WITH[machine]:
        lines += [(EQUAL, None, len(lines) + 3 + len(values), call)]
        lines += [(LOAD, None, None, ARGUMENTS + 8 * argument), (AND, None, None, bits)]
        lines += [(EQUAL, "deny", None, value) for value in values[:-1]]
        lines += [(EQUAL, "deny", "allow", values[-1])]
    ends = {"allow": len(lines), "deny": len(lines) + 1, "kill": len(lines) + 2}
    code = b""
    for at, (operation, *targets, value) in enumerate(lines):
        jumps = [0 if to is None else ends.get(to, to) - at - 1 for to in targets]
        code += struct.pack("=HBBI", operation, *jumps, value)
    return code + b"".join(struct.pack("=HBBI", RETURN, 0, 0, end) for end in (ALLOW, DENY, KILL))


def as_file():
    """The filter in a file, as bubblewrap reads it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115, the caller closes it
    file.write(program(platform.machine()))
    file.seek(0)
    return file
