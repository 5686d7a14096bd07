package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.dkimproxy.standalone.metrics.RelayFailure;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.smtp.FramingException;
import org.jspecify.annotations.Nullable;

/** The relay is gone, silent, or says what it must not say: nothing more can be asked of it. */
final class RelayException extends IOException {
    private static final long serialVersionUID = 1L;

    private final RelayFailure kind;
    private final boolean beforeGreeting;

    private RelayException(RelayFailure kind, @Nullable String message, IOException cause, boolean beforeGreeting) {
        super(message, cause);
        this.kind = kind;
        this.beforeGreeting = beforeGreeting;
    }

    RelayException(RelayFailure kind, String message) {
        super(message);
        this.kind = kind;
        this.beforeGreeting = false;
    }

    /** The relay says what it must not say. */
    RelayException(String message) {
        this(RelayFailure.PROTOCOL, message);
    }

    RelayException(String message, IOException cause) {
        this(kindOf(cause), withReason(message, cause), cause, false);
    }

    /** No connection could be made. */
    static RelayException unreachable(HostPort address, IOException cause) {
        return new RelayException(
                RelayFailure.UNREACHABLE, withReason("cannot connect to " + address, cause), cause, true);
    }

    /** This fault before the client was greeted. */
    RelayException asBeforeGreeting() {
        return new RelayException(kind, getMessage(), this, true);
    }

    /** How the relay failed. */
    RelayFailure kind() {
        return kind;
    }

    /** Whether the client has not been greeted yet. */
    boolean isBeforeGreeting() {
        return beforeGreeting;
    }

    private static RelayFailure kindOf(IOException cause) {
        return switch (cause) {
            case SocketTimeoutException _ -> RelayFailure.TIMEOUT;
            case FramingException _ -> RelayFailure.PROTOCOL;
            default -> RelayFailure.LOST;
        };
    }

    private static String withReason(String message, IOException cause) {
        return message + ": " + (cause.getMessage() == null ? cause : cause.getMessage());
    }
}
