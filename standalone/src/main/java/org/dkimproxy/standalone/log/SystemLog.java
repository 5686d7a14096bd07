package org.dkimproxy.standalone.log;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * The system log, by the C library's syslog(3). The C library has one connection to it for the whole process, and gives
 * no sign of a line that was lost.
 */
final class SystemLog implements LogTarget {
    private static final int NDELAY = 0x08;
    private static final int FORMAT_ARGUMENTS = 2;

    private final MethodHandle syslog;
    private final MemorySegment format;

    private SystemLog(MethodHandle syslog) {
        this.syslog = syslog;
        this.format = Arena.global().allocateFrom("%s");
    }

    /** Connects to the system log; it need not be there yet. After a chroot it would not be found. */
    static SystemLog open(SyslogSettings settings) {
        // the C library keeps the pointer
        MemorySegment ident = Arena.global().allocateFrom(settings.ident(), StandardCharsets.UTF_8);
        int flags =
                settings.options().stream().mapToInt(SyslogOption::flag).reduce(NDELAY, (one, other) -> one | other);
        MethodHandle openlog = function(
                "openlog", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        MethodHandle tzset = function("tzset", FunctionDescriptor.ofVoid());
        try {
            // syslog(3) writes local time, and could not find out what that is after a chroot
            tzset.invokeExact();
            openlog.invokeExact(ident, flags, settings.facility().code());
        } catch (Throwable fault) {
            throw new IllegalStateException("openlog(3) cannot be called", fault);
        }
        return new SystemLog(function(
                "syslog",
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(FORMAT_ARGUMENTS)));
    }

    @Override
    public void write(LogLevel level, String line) {
        try (Arena arena = Arena.ofConfined()) {
            syslog.invokeExact(level.priority(), format, arena.allocateFrom(line, StandardCharsets.UTF_8));
        } catch (Throwable fault) {
            throw new IllegalStateException("syslog(3) cannot be called", fault);
        }
    }

    @SuppressWarnings("restricted") // the launcher allows native access
    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
