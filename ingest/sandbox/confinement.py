"""What the kernel takes away from a process that reads delivered bytes: network, programs, files.

Linux only, by ctypes, without any privilege. Each function says whether the kernel agreed, so that
`import-risk doctor` can name what really holds on this machine.
Add here a restriction by the kernel. Keep out: limits by size and time, and the processes
themselves (child.py, server.py).
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_SECCOMP_MODE_FILTER = 2
_CLONE_THREAD, _CLONE_NEWUSER, _CLONE_NEWNET = 0x10000, 0x10000000, 0x40000000
_SIGKILL = 9

# (AUDIT_ARCH constant, forbidden calls, clone, clone3) of the machines we know. Forbidden: socket,
# fork, vfork, execve, execveat, ptrace, process_vm_readv, process_vm_writev, and io_uring_setup,
# which could open sockets behind the filter's back.
_MACHINES: dict[str, tuple[int, tuple[int, ...], int, int]] = {
    "x86_64": (0xC000003E, (41, 57, 58, 59, 101, 310, 311, 322, 425), 56, 435),
    "aarch64": (0xC00000B7, (117, 198, 221, 270, 271, 281, 425), 220, 435),
}
_X32_BIT = 0x40000000  # the second set of system call numbers of x86_64

# Landlock has the same numbers on every machine.
_LANDLOCK_CREATE, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT = 444, 445, 446
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
# Rights known to each version of the interface: 1 = bits 0-12, 2 adds REFER, 3 TRUNCATE, 5 IOCTL.
_RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
_ALL_NETWORK_RIGHTS, _ALL_SCOPES = 0x3, 0x3  # bind and connect TCP; abstract sockets and signals
# Everything in the job's own folder but programs, devices, sockets, pipes and symbolic links.
_IN_FOLDER = 0x7FFF & ~(_EXECUTE | 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12)

_libc = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, first: int, second: int = 0) -> bool:
    arguments = (ctypes.c_ulong(first), ctypes.c_ulong(second), ctypes.c_ulong(0))
    return bool(_libc.prctl(option, *arguments, ctypes.c_ulong(0)) == 0)


def die_with_parent() -> bool:
    """Ask the kernel to kill this process when its parent dies."""
    return _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def no_new_privileges() -> bool:
    """No set-uid program can give this process or its children more rights."""
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def leave_network() -> bool:
    """Move this process into an empty network namespace; true when the kernel allows it.

    Without privilege that takes a user namespace of its own, in which the user keeps its name.
    Must run before the process has threads.
    """
    if _libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    for name, text in (
        ("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1"),
    ):  # fmt: skip
        Path("/proc/self", name).write_text(text, encoding="ascii")
    return True


def forbid_calls() -> bool:
    """Make new sockets, new processes and access to other processes fail with EPERM.

    Threads stay allowed. Holds for ever; needs no_new_privileges. False on an unknown machine.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    architecture, calls, clone, clone3 = machine
    load, jump_equal, jump_greater, jump_set, give = 0x20, 0x15, 0x35, 0x45, 0x06
    kill, allow = 0x80000000, 0x7FFF0000
    deny, unknown = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
    rest = len(calls) + 5  # from the first comparison to `deny`
    program = [
        (load, 0, 0, 4),  # the architecture of this call
        (jump_equal, 1, 0, architecture),
        (give, 0, 0, kill),
        (load, 0, 0, 0),  # its number
        (jump_greater, rest, 0, _X32_BIT),
        *((jump_equal, rest - 1 - place, 0, number) for place, number in enumerate(calls)),
        # clone3 hides its flags from us; without it the C library falls back to clone.
        (jump_equal, 5, 0, clone3),
        (jump_equal, 0, 2, clone),
        (load, 0, 0, 16),  # its flags
        (jump_set, 0, 1, _CLONE_THREAD),
        (give, 0, 0, allow),
        (give, 0, 0, deny),
        (give, 0, 0, unknown),
    ]
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    filter_program = ctypes.create_string_buffer(header, len(header))
    return _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(filter_program))


def forbid_sockets_in_python() -> None:
    """The last resort where the kernel offers nothing: Python itself refuses sockets and programs.

    An audit hook cannot be removed, but native code does not ask it.
    """
    prefixes = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system")

    def hook(event: str, _: tuple[object, ...]) -> None:
        if event.startswith(prefixes):
            raise PermissionError(errno.EPERM, f"{event} is not allowed while reading a delivery")

    sys.addaudithook(hook)


def landlock_version() -> int:
    """The version of the Landlock interface of this kernel; 0 when there is none."""
    return max(0, int(_libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)))


def restrict_files(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Leave this process only these files and folders; true when the kernel can do it.

    Whatever is open already stays usable. Needs no_new_privileges. Also forbids TCP and signals to
    other processes where the kernel knows how.
    """
    version = landlock_version()
    if not version:
        return False
    rights = _RIGHTS[min(version, max(_RIGHTS))]
    attributes = struct.pack(
        "=QQQ", rights, _ALL_NETWORK_RIGHTS if version >= 4 else 0,
        _ALL_SCOPES if version >= 6 else 0,
    )  # fmt: skip
    # An older kernel takes a longer structure as long as the unknown part is zero.
    ruleset = _libc.syscall(
        _LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)
    )
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(ruleset, path, rights & (_READ_FILE | _READ_DIR | _EXECUTE))
        for path in writable:
            _allow(ruleset, path, rights & _IN_FOLDER)
        done: int = _libc.syscall(_LANDLOCK_RESTRICT, ruleset, ctypes.c_uint(0))
        return done == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no permission
    try:
        if not path.is_dir():
            rights &= _ON_FILES
        rule = struct.pack("=Qi", rights, descriptor)
        _libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, ctypes.c_uint(0))
    finally:
        os.close(descriptor)
