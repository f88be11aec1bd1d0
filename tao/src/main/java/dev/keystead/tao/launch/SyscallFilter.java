package dev.keystead.tao.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Seccomp filters: which system calls a program may make (x86-64). A call that is refused fails
 * with EPERM; a call in another ABI of the processor, whose numbers mean other calls, kills.
 */
final class SyscallFilter {
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENTS = 16;
  private static final int X86_64 = 0xc000003e;
  private static final int X32 = 0x40000000;
  private static final int LOAD = 0x20;
  private static final int EQUAL = 0x15;
  private static final int AT_LEAST = 0x35;
  private static final int ANY_BIT = 0x45;
  private static final int RETURN = 0x06;
  private static final int KILL = 0x80000000;
  private static final int ALLOW = 0x7fff0000;
  private static final int ERRNO = 0x00050000;
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final int CLONE = 56;
  private static final int CLONE3 = 435;
  private static final int EXECVE = 59;
  private static final int EXECVEAT = 322;
  private static final int SOCKET = 41;
  private static final int AF_UNIX = 1;

  /** All CLONE_NEW... flags of clone(2). */
  private static final int NEW_NAMESPACES = 0x7e020000;

  /**
   * What no hosted program needs and what reaches beyond a process: other processes' memory,
   * descriptors and keyrings, the kernel itself, namespaces and mounts, and io_uring, which makes
   * calls that no filter sees.
   */
  private static final int[] NEVER = {
    101, // ptrace
    103, // syslog
    153, // vhangup
    154, // modify_ldt
    155, // pivot_root
    161, // chroot
    163, // acct
    164, // settimeofday
    165, // mount
    166, // umount2
    167, // swapon
    168, // swapoff
    169, // reboot
    170, // sethostname
    171, // setdomainname
    172, // iopl
    173, // ioperm
    175, // init_module
    176, // delete_module
    179, // quotactl
    227, // clock_settime
    246, // kexec_load
    248, // add_key
    249, // request_key
    250, // keyctl
    272, // unshare
    298, // perf_event_open
    300, // fanotify_init
    303, // name_to_handle_at
    304, // open_by_handle_at
    308, // setns
    310, // process_vm_readv
    311, // process_vm_writev
    312, // kcmp
    313, // finit_module
    320, // kexec_file_load
    321, // bpf
    323, // userfaultfd
    425, // io_uring_setup
    426, // io_uring_enter
    427, // io_uring_register
    428, // open_tree
    429, // move_mount
    430, // fsopen
    431, // fsconfig
    432, // fsmount
    433, // fspick
    438, // pidfd_getfd
    440, // process_madvise
    442, // mount_setattr
    448, // process_mrelease
  };

  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private final List<Instruction> program = new ArrayList<>();

  private SyscallFilter() {}

  /**
   * A filter as an array of struct sock_filter.
   *
   * @param execs whether the program may execute files
   * @param networks whether it may make sockets other than Unix sockets
   * @param execSecret the sixth argument by which one execveat is allowed all the same
   */
  static byte[] of(boolean execs, boolean networks, long execSecret) {
    SyscallFilter filter = new SyscallFilter();
    filter.architecture();
    for (int call : NEVER) {
      filter.refuse(call, EPERM);
    }
    filter.refuse(CLONE3, ENOSYS); // Its flags lie in memory; the C library goes on with clone.
    filter.namespaces();
    if (!networks) {
      filter.unixSocketsOnly();
    }
    if (!execs) {
      filter.refuse(EXECVE, EPERM);
      filter.execWith(execSecret);
    }
    filter.add(RETURN, 0, 0, ALLOW);
    return filter.bytes();
  }

  private void architecture() {
    add(LOAD, 0, 0, ARCHITECTURE);
    add(EQUAL, 1, 0, X86_64);
    add(RETURN, 0, 0, KILL);
    add(LOAD, 0, 0, NUMBER);
    add(AT_LEAST, 0, 1, X32);
    add(RETURN, 0, 0, KILL);
  }

  /** Expects, and leaves, the call's number in the accumulator, as do all that follow. */
  private void refuse(int call, int errno) {
    add(EQUAL, 0, 1, call);
    add(RETURN, 0, 0, ERRNO | errno);
  }

  private void namespaces() {
    add(EQUAL, 0, 4, CLONE);
    add(LOAD, 0, 0, ARGUMENTS);
    add(ANY_BIT, 0, 1, NEW_NAMESPACES);
    add(RETURN, 0, 0, ERRNO | EPERM);
    add(LOAD, 0, 0, NUMBER);
  }

  private void unixSocketsOnly() {
    add(EQUAL, 0, 4, SOCKET);
    add(LOAD, 0, 0, ARGUMENTS);
    add(EQUAL, 1, 0, AF_UNIX);
    add(RETURN, 0, 0, ERRNO | EPERM);
    add(LOAD, 0, 0, NUMBER);
  }

  private void execWith(long secret) {
    int sixth = ARGUMENTS + 5 * Long.BYTES;
    add(EQUAL, 0, 6, EXECVEAT);
    add(LOAD, 0, 0, sixth);
    add(EQUAL, 0, 3, (int) secret);
    add(LOAD, 0, 0, sixth + Integer.BYTES);
    add(EQUAL, 0, 1, (int) (secret >>> 32));
    add(RETURN, 0, 0, ALLOW);
    add(RETURN, 0, 0, ERRNO | EPERM);
  }

  private void add(int code, int ifTrue, int ifFalse, int value) {
    program.add(new Instruction(code, ifTrue, ifFalse, value));
  }

  private byte[] bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(program.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Instruction i : program) {
      bytes.putShort((short) i.code).put((byte) i.ifTrue).put((byte) i.ifFalse).putInt(i.value);
    }
    return bytes.array();
  }
}
