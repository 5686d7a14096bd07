package org.dkimproxy.standalone.daemon;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Takes signals without any code of this program running in a signal handler: the C library's {@code sigignore} itself
 * is made the handler, and a signal that came is recognized by being ignored since then.
 *
 * <p>The virtual machine keeps QUIT to itself, for thread dumps, and no Java API gives it away; and no Java code may run
 * in a handler, which can interrupt any thread anywhere.
 */
final class SignalTraps {
    /** {@code SIG_IGN}. */
    private static final long IGNORED = 1;

    /** No {@code struct sigaction} is longer; its first member is the handler with glibc and musl on 64-bit machines. */
    private static final int ACTION_OCTETS = 512;

    private final MemorySegment sigignore;
    private final MethodHandle signal;
    private final MethodHandle sigaction;
    private final MemorySegment action = Arena.ofAuto().allocate(ACTION_OCTETS, Long.BYTES);

    /**
     * Finds what it needs in the C library.
     *
     * @throws java.util.NoSuchElementException if the library has no such functions
     * @throws IllegalCallerException if native access is forbidden
     */
    @SuppressWarnings("restricted") // three functions of POSIX, with the types that it gives them
    SignalTraps() {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        sigignore = library.findOrThrow("sigignore");
        signal = linker.downcallHandle(
                library.findOrThrow("signal"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        sigaction = linker.downcallHandle(
                library.findOrThrow("sigaction"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }

    /** From now on the signal is trapped. */
    void arm(Signal trapped) {
        try {
            MemorySegment _ = (MemorySegment) signal.invokeExact(trapped.number(), sigignore);
        } catch (Throwable e) {
            throw new IllegalStateException("signal", e);
        }
    }

    /** Whether the signal has come since it was last armed. */
    boolean hasCome(Signal trapped) {
        try {
            int result = (int) sigaction.invokeExact(trapped.number(), MemorySegment.NULL, action);
            return result == 0 && action.get(ValueLayout.JAVA_LONG, 0) == IGNORED;
        } catch (Throwable e) {
            throw new IllegalStateException("sigaction", e);
        }
    }
}
