package org.dkimproxy.standalone.daemon;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLine;
import org.dkimproxy.standalone.posix.SystemCall;
import org.dkimproxy.standalone.posix.SystemCallException;

/**
 * Tells the service manager how the program is, by the protocol of sd_notify(3): datagrams to the socket that
 * {@code NOTIFY_SOCKET} names. Without it, and with one that cannot be opened, the service manager is not notified.
 */
public final class ServiceManager {
    private static final String VARIABLE = "NOTIFY_SOCKET";
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    /** {@code MSG_DONTWAIT | MSG_NOSIGNAL} of Linux, the only system with this protocol: mail never waits for it. */
    private static final int FLAGS = 0x40 | 0x4000;

    /** The longest path of {@code struct sockaddr_un}, which begins with a family of two octets. */
    private static final int LONGEST_PATH = 108;

    private static final int FAMILY_OCTETS = 2;

    private final Optional<Integer> socket;
    private final DkimproxyLog log;
    private final AtomicBoolean stopping = new AtomicBoolean();

    private ServiceManager(Optional<Integer> socket, DkimproxyLog log) {
        this.socket = socket;
        this.log = log;
    }

    /** The one that started this process, connected to, so that it can be told from another root directory too. */
    public static ServiceManager ofThisProcess(DkimproxyLog log) {
        return Optional.ofNullable(System.getenv(VARIABLE))
                .filter(name -> !name.isEmpty())
                .map(name -> at(name, log))
                .orElseGet(() -> new ServiceManager(Optional.empty(), log));
    }

    /** @param name a path, or a name of the abstract name space after {@code @} */
    static ServiceManager at(String name, DkimproxyLog log) {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if ((path[0] != '/' && path[0] != '@') || path.length >= LONGEST_PATH) {
            log.warning(VARIABLE + ": found \"" + name + "\", expected the path of a socket; the service manager is not"
                    + " notified");
            return new ServiceManager(Optional.empty(), log);
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        try {
            return new ServiceManager(Optional.of(connect(path)), log);
        } catch (SystemCallException e) {
            log.warning(VARIABLE + " " + name + ": the service manager is not notified: " + e.getMessage());
            return new ServiceManager(Optional.empty(), log);
        }
    }

    /**
     * Reports that mail is taken.
     *
     * @param status what an administrator reads in the status of the service; one line
     */
    public void ready(String status) {
        tell("READY=1\nSTATUS=" + LogLine.of(status));
    }

    /** The configuration is read again; {@link #ready} comes after. */
    public void reloading() {
        // on Linux the virtual machine's clock is CLOCK_MONOTONIC, by which the manager orders notifications
        tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }

    /** The program is about to end; no notification follows. */
    public void stopping() {
        if (stopping.compareAndSet(false, true)) {
            send("STOPPING=1");
        }
    }

    private void tell(String state) {
        if (!stopping.get()) {
            send(state);
        }
    }

    private void send(String state) {
        if (socket.isEmpty()) {
            return;
        }
        byte[] octets = state.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocateFrom(ValueLayout.JAVA_BYTE, octets);
            new SystemCall(
                            "send",
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT)
                    .call(socket.get(), message, (long) octets.length, FLAGS);
        } catch (SystemCallException e) {
            log.warning("the service manager could not be told "
                    + state.lines().findFirst().orElse("") + ": " + e.getMessage());
        }
    }

    private static int connect(byte[] path) throws SystemCallException {
        int socket = new SystemCall("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)
                .call(AF_UNIX, SOCK_DGRAM, 0);
        byte[] address = new byte[FAMILY_OCTETS + path.length];
        System.arraycopy(path, 0, address, FAMILY_OCTETS, path.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(FAMILY_OCTETS + LONGEST_PATH, FAMILY_OCTETS);
            MemorySegment.copy(address, 0, name, ValueLayout.JAVA_BYTE, 0, address.length);
            name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            new SystemCall("connect", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                    .call(socket, name, address.length);
        }
        return socket;
    }
}
