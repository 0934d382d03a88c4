"""Writes the filters of system calls that bubblewrap gives to the processes of the grader.

    /usr/bin/python3 scripts/lab/walls/filters.py     (Debian: apt install python3-seccomp)

Run it after a change of the list and commit the filters. libseccomp makes them, one a processor;
a name that a processor's kernel lacks is left out there.
"""

import errno
import pathlib

from seccomp import ALLOW, ERRNO, MASKED_EQ, Arch, Arg, SyscallFilter

CLONE_THREAD = 0x00010000

# What a computation never needs: processes, sockets, namespaces, mounts, keys, other processes,
# memory that no limit counts, and doors of the kernel that were open too far before.
REFUSED = """
fork vfork execveat
socket socketpair connect bind listen accept accept4 sendmsg sendmmsg
ptrace process_vm_readv process_vm_writev kcmp pidfd_open pidfd_getfd pidfd_send_signal
kill tkill rt_sigqueueinfo rt_tgsigqueueinfo
mount umount umount2 pivot_root chroot unshare setns move_mount open_tree fsopen fsconfig fsmount
fspick mount_setattr open_by_handle_at name_to_handle_at
memfd_create memfd_secret shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semctl
mq_open mq_unlink
keyctl add_key request_key bpf perf_event_open userfaultfd fanotify_init
splice vmsplice tee process_madvise
init_module finit_module delete_module kexec_load kexec_file_load
reboot swapon swapoff acct quotactl personality syslog setdomainname sethostname settimeofday
clock_settime clock_adjtime adjtimex iopl ioperm modify_ldt vhangup lookup_dcookie
setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
setpriority sched_setscheduler sched_setattr
""".split()

# Refused as if the kernel did not know them: the C library and libuv then take another way.
UNKNOWN = ["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"]


def make(arch: Arch, name: str) -> None:
    chosen = SyscallFilter(defaction=ALLOW)
    chosen.remove_arch(Arch.NATIVE)
    chosen.add_arch(arch)  # any other, as 32-bit code's, ends the process
    for action, calls in ((ERRNO(errno.EPERM), REFUSED), (ERRNO(errno.ENOSYS), UNKNOWN)):
        for call in calls:
            try:
                chosen.add_rule(action, call)
            except (RuntimeError, ValueError) as error:
                print(f"{name}: {call} left out ({error})")
    # A thread may be started, a process may not.
    chosen.add_rule(ERRNO(errno.EPERM), "clone", Arg(0, MASKED_EQ, CLONE_THREAD, 0))
    with open(pathlib.Path(__file__).with_name(f"seccomp-{name}.bpf"), "wb") as file:
        chosen.export_bpf(file)


make(Arch.X86_64, "x64")
make(Arch.AARCH64, "arm64")
