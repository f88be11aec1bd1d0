package dev.keystead.tpm.transport;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One loaded copy of libtpms, which holds one TPM. Its state goes through the callbacks of struct
 * libtpms_callbacks. A failure in a callback is given back to libtpms as a failure, which makes the
 * TPM stop, and is thrown from the call that led to it.
 */
final class NativeTpm implements AutoCloseable {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final int TPM_SUCCESS = 0;
  private static final int TPM_FAIL = 9;
  private static final int TPM_RETRY = 0x800;
  private static final int TPM2 = 1;
  private static final long CALLBACKS_SIZE = 64;
  private static final int MAX_NAME = 256;

  private final Arena arena = Arena.ofShared();
  private final TpmState state;
  private final MethodHandle malloc;
  private final MethodHandle process;
  private final MethodHandle terminate;
  private final MemorySegment command;
  private final MemorySegment response;
  private final MemorySegment responseSize;
  private final MemorySegment bufferSize;
  private final int maxSize;
  private @Nullable Throwable failure;

  NativeTpm(Path library, TpmState state, int maxSize) throws IOException {
    this.state = state;
    this.maxSize = maxSize;
    try {
      SymbolLookup lookup = SymbolLookup.libraryLookup(library, arena);
      malloc =
          LINKER.downcallHandle(
              LINKER.defaultLookup().findOrThrow("malloc"),
              FunctionDescriptor.of(ADDRESS, JAVA_LONG));
      process =
          function(lookup, "TPMLIB_Process", of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
      terminate = function(lookup, "TPMLIB_Terminate", FunctionDescriptor.ofVoid());
      command = arena.allocate(maxSize);
      response = arena.allocate(ADDRESS);
      responseSize = arena.allocate(JAVA_INT);
      bufferSize = arena.allocate(JAVA_INT);
      check(
          "ChooseTPMVersion",
          (int) function(lookup, "TPMLIB_ChooseTPMVersion", of(JAVA_INT)).invokeExact(TPM2));
      check(
          "RegisterCallbacks",
          (int) function(lookup, "TPMLIB_RegisterCallbacks", of(ADDRESS)).invokeExact(callbacks()));
      check("MainInit", (int) function(lookup, "TPMLIB_MainInit", of()).invokeExact());
    } catch (Throwable e) {
      arena.close();
      throw wrapped("libtpms does not start", e);
    }
  }

  private static MethodHandle function(
      SymbolLookup lookup, String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(lookup.findOrThrow(name), descriptor);
  }

  private static FunctionDescriptor of(MemoryLayout... arguments) {
    return FunctionDescriptor.of(JAVA_INT, arguments);
  }

  private MemorySegment callbacks() throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> at = MemorySegment.class;
    MemorySegment table = arena.allocate(CALLBACKS_SIZE);
    table.set(JAVA_INT, 0, (int) CALLBACKS_SIZE);
    MemorySegment nothing = callback(lookup, "nothing", of());
    table.set(ADDRESS, 8, nothing);
    table.set(
        ADDRESS,
        16,
        callback(lookup, "load", of(ADDRESS, ADDRESS, JAVA_INT, ADDRESS), at, at, int.class, at));
    table.set(
        ADDRESS,
        24,
        callback(
            lookup,
            "save",
            of(ADDRESS, JAVA_INT, JAVA_INT, ADDRESS),
            at,
            int.class,
            int.class,
            at));
    table.set(
        ADDRESS,
        32,
        callback(lookup, "delete", of(JAVA_INT, ADDRESS, JAVA_BYTE), int.class, at, byte.class));
    table.set(ADDRESS, 40, nothing);
    table.set(ADDRESS, 48, callback(lookup, "locality", of(ADDRESS, JAVA_INT), at, int.class));
    table.set(ADDRESS, 56, callback(lookup, "presence", of(ADDRESS, JAVA_INT), at, int.class));
    return table;
  }

  private MemorySegment callback(
      MethodHandles.Lookup lookup, String name, FunctionDescriptor descriptor, Class<?>... types)
      throws ReflectiveOperationException {
    MethodHandle handle = lookup.bind(this, name, MethodType.methodType(int.class, types));
    return LINKER.upcallStub(handle, descriptor, arena);
  }

  /** Runs one command. */
  byte[] process(byte[] bytes) throws IOException {
    MemorySegment.copy(bytes, 0, command, JAVA_BYTE, 0, bytes.length);
    try {
      check(
          "Process",
          (int) process.invokeExact(response, responseSize, bufferSize, command, bytes.length));
    } catch (Throwable e) {
      throw wrapped("libtpms fails", e);
    } finally {
      command.fill((byte) 0);
    }
    int size = responseSize.get(JAVA_INT, 0);
    if (size < 0 || size > maxSize) {
      throw new IOException("libtpms answers with " + size + " bytes");
    }
    MemorySegment answer = response.get(ADDRESS, 0).reinterpret(size);
    byte[] copy = answer.toArray(JAVA_BYTE);
    answer.fill((byte) 0);
    return copy;
  }

  @Override
  public void close() throws IOException {
    try {
      terminate.invokeExact();
    } catch (Throwable e) {
      throw wrapped("libtpms does not stop", e);
    }
    arena.close();
  }

  private void check(String function, int code) throws IOException {
    Throwable cause = failure;
    failure = null;
    if (cause != null) {
      throw new IOException("the TPM's state cannot be kept: " + cause.getMessage(), cause);
    }
    if (code != TPM_SUCCESS) {
      throw new IOException("TPMLIB_%s returns 0x%x".formatted(function, code));
    }
  }

  private static IOException wrapped(String what, Throwable e) {
    return e instanceof IOException known ? known : new IOException(what + ": " + e, e);
  }

  // The callbacks; nothing may be thrown through native frames.

  @SuppressWarnings("unused")
  private int nothing() {
    return TPM_SUCCESS;
  }

  @SuppressWarnings("unused")
  private int load(MemorySegment data, MemorySegment length, int tpm, MemorySegment name) {
    try {
      byte[] value = state.load(name(name)).orElse(null);
      if (value == null) {
        return TPM_RETRY;
      }
      MemorySegment copy =
          ((MemorySegment) malloc.invokeExact((long) value.length)).reinterpret(value.length);
      MemorySegment.copy(value, 0, copy, JAVA_BYTE, 0, value.length);
      data.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, copy);
      length.reinterpret(Integer.BYTES).set(JAVA_INT, 0, value.length);
      return TPM_SUCCESS;
    } catch (Throwable e) {
      return failed(e);
    }
  }

  @SuppressWarnings("unused")
  private int save(MemorySegment data, int length, int tpm, MemorySegment name) {
    try {
      state.save(name(name), data.reinterpret(length).toArray(JAVA_BYTE));
      return TPM_SUCCESS;
    } catch (Throwable e) {
      return failed(e);
    }
  }

  @SuppressWarnings("unused")
  private int delete(int tpm, MemorySegment name, byte mustExist) {
    try {
      return state.delete(name(name)) || mustExist == 0 ? TPM_SUCCESS : TPM_FAIL;
    } catch (Throwable e) {
      return failed(e);
    }
  }

  @SuppressWarnings("unused")
  private int locality(MemorySegment locality, int tpm) {
    locality.reinterpret(Integer.BYTES).set(JAVA_INT, 0, 0);
    return TPM_SUCCESS;
  }

  @SuppressWarnings("unused")
  private int presence(MemorySegment present, int tpm) {
    present.reinterpret(1).set(JAVA_BYTE, 0, (byte) 0);
    return TPM_SUCCESS;
  }

  private int failed(Throwable e) {
    failure = e;
    return TPM_FAIL;
  }

  private static String name(MemorySegment name) {
    return name.reinterpret(MAX_NAME).getString(0);
  }
}
