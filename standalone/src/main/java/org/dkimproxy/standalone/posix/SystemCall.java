package org.dkimproxy.standalone.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A function of the C library that returns an {@code int}, or another type of its size, and reports a failure by -1 and
 * {@code errno}. Slow to call: for what is done once.
 */
public final class SystemCall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final long LONGEST_TEXT = 4096;
    private static final int ROOT = 0;

    private final String name;
    private final MethodHandle handle;

    /**
     * Finds the function.
     *
     * @param arguments their types, as POSIX gives them
     * @throws java.util.NoSuchElementException if the C library has no such function
     */
    @SuppressWarnings("restricted") // the types are those of POSIX
    public SystemCall(String name, MemoryLayout... arguments) {
        this.name = name;
        this.handle = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** Whether this process has the privileges of root. */
    public static boolean isRoot() {
        return number("geteuid") == ROOT;
    }

    /** Calls a function without arguments that cannot fail, such as {@code geteuid}; quickly. */
    @SuppressWarnings("restricted") // the callers name functions of this type only
    public static int number(String function) {
        MethodHandle handle = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(function), FunctionDescriptor.of(ValueLayout.JAVA_INT));
        try {
            return (int) handle.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }

    /** Calls it; throws if it returns -1. */
    public int call(Object... arguments) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            List<Object> all = new ArrayList<>(List.of(state));
            all.addAll(List.of(arguments));
            int result = invoke(all);
            if (result == -1) {
                throw new SystemCallException(name, (int) ERRNO.get(state, 0L));
            }
            return result;
        }
    }

    private int invoke(List<Object> arguments) {
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** What an error number means, in the words of the C library. */
    @SuppressWarnings("restricted") // strerror returns a text that ends in a zero octet
    public static String describe(int errno) {
        MethodHandle strerror = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("strerror"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try {
            MemorySegment text = (MemorySegment) strerror.invokeExact(errno);
            return text.reinterpret(LONGEST_TEXT).getString(0, StandardCharsets.UTF_8);
        } catch (Throwable e) {
            throw new IllegalStateException("strerror", e);
        }
    }
}
