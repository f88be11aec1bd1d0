package dev.keystead.tao.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;

/**
 * The only code that runs between clone and exec. Java cannot: the child has one thread of a
 * process of many. So it is a loop that makes the system calls of a table until one fails; the
 * table is prepared before, in Java ({@link ChildTable}).
 *
 * <pre>
 *         push rbx                      ; long start(table)
 *         push r12
 *         mov  rbx, rdi
 *         mov  eax, 14                  ; no signal may run a handler of the JVM in the child:
 *         mov  edi, 2                   ; rt_sigprocmask(SIG_SETMASK, table.all, table.old, 8)
 *         lea  rsi, [rbx+88]
 *         lea  rdx, [rbx+96]
 *         mov  r10d, 8
 *         syscall
 *         mov  eax, 435                 ; clone3(table, 88)
 *         mov  rdi, rbx
 *         mov  esi, 88
 *         syscall
 *         test rax, rax
 *         jz   child
 *         mov  r12, rax                 ; parent, after the child's exec or end:
 *         mov  eax, 14                  ; rt_sigprocmask(SIG_SETMASK, table.old, 0, 8)
 *         mov  edi, 2
 *         lea  rsi, [rbx+96]
 *         xor  edx, edx
 *         mov  r10d, 8
 *         syscall
 *         mov  rax, r12                 ; return pid or -errno
 *         pop  r12
 *         pop  rbx
 *         ret
 * child:  lea  r12, [rbx+120]           ; child: no stack, no calls
 * step:   mov  rax, [r12]
 *         mov  rdi, [r12+8]
 *         mov  rsi, [r12+16]
 *         mov  rdx, [r12+24]
 *         mov  r10, [r12+32]
 *         mov  r8,  [r12+40]
 *         mov  r9,  [r12+48]
 *         syscall
 *         cmp  rax, -4095
 *         jae  failed
 *         add  r12, 56
 *         jmp  step
 * failed: mov  [rbx+104], rax           ; table.error, table.failed
 *         mov  [rbx+112], r12
 *         mov  eax, 231                 ; exit_group(127)
 *         mov  edi, 127
 *         syscall
 * </pre>
 */
final class ChildCode {
  private static final String CODE =
      "5341544889fbb80e000000bf02000000488d7358488d536041ba080000000f05"
          + "b8b30100004889dfbe580000000f054885c074224989c4b80e000000bf02000000"
          + "488d736031d241ba080000000f054c89e0415c5bc3"
          + "4c8d6378498b0424498b7c2408498b742410498b5424184d8b5424204d8b442428"
          + "4d8b4c24300f05483d01f0ffff73064983c438ebce"
          + "488943684c896370b8e7000000bf7f0000000f05";
  private static final int PAGE = 4096;
  private static final int PROT_READ_WRITE = 3;
  private static final int PROT_READ_EXEC = 5;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final MethodHandle START = load();

  private ChildCode() {}

  private static MethodHandle load() {
    try {
      long page = Syscall.MMAP.call(0, PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
      MemorySegment code = MemorySegment.ofAddress(page).reinterpret(PAGE);
      code.copyFrom(MemorySegment.ofArray(HexFormat.of().parseHex(CODE)));
      Syscall.MPROTECT.call(page, PAGE, PROT_READ_EXEC);
      return Linker.nativeLinker()
          .downcallHandle(code, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Starts a child by a table, and returns when it runs its program or has failed to. */
  static long start(MemorySegment table) {
    try {
      return (long) START.invokeExact(table.address());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
