package dev.keystead.tao.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Locale;

/** A system call by its number on x86-64; all of them go through syscall(2). */
enum Syscall {
  READ(0),
  WRITE(1),
  CLOSE(3),
  FSTAT(5),
  POLL(7),
  MMAP(9),
  MPROTECT(10),
  RT_SIGPROCMASK(14),
  DUP2(33),
  GETPID(39),
  GETSOCKOPT(55),
  KILL(62),
  FCNTL(72),
  CHDIR(80),
  FCHMOD(91),
  FCHOWN(93),
  UMASK(95),
  GETUID(102),
  GETGID(104),
  SETSID(112),
  GETGROUPS(115),
  SETGROUPS(116),
  SETRESUID(117),
  SETRESGID(119),
  SETFSUID(122),
  SETFSGID(123),
  PRCTL(157),
  WAITID(247),
  OPENAT(257),
  NEWFSTATAT(262),
  EVENTFD2(290),
  PRLIMIT64(302),
  SECCOMP(317),
  MEMFD_CREATE(319),
  EXECVEAT(322),
  PIDFD_SEND_SIGNAL(424),
  PIDFD_OPEN(434),
  CLOSE_RANGE(436),
  LANDLOCK_CREATE_RULESET(444),
  LANDLOCK_ADD_RULE(445),
  LANDLOCK_RESTRICT_SELF(446);

  private static final int EINTR = 4;
  private static final int MOST_ARGUMENTS = 6;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle CALL = call();

  private final int number;

  Syscall(int number) {
    this.number = number;
  }

  private static MethodHandle call() {
    if (!System.getProperty("os.arch").equals("amd64")) {
      throw new UnsupportedOperationException("Linux hosts run on x86-64 only");
    }
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno"));
  }

  int number() {
    return number;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Calls, again when a signal interrupts it. */
  long call(long... arguments) throws IOException {
    while (true) {
      long result = callUnchecked(arguments);
      if (result >= 0) {
        return result;
      }
      if (result != -EINTR) {
        throw new KernelException(text(), (int) -result);
      }
    }
  }

  /** Calls once; a negative result is the errno. */
  long callUnchecked(long... arguments) {
    long[] six = Arrays.copyOf(arguments, MOST_ARGUMENTS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result =
          (long)
              CALL.invokeExact(
                  state, (long) number, six[0], six[1], six[2], six[3], six[4], six[5]);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
