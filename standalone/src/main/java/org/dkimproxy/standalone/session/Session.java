package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.dkimproxy.standalone.access.AddressText;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.smtp.FramingException;
import org.dkimproxy.standalone.smtp.Reply;
import org.dkimproxy.standalone.spool.SpoolException;

/**
 * What one client meets: a relay connection of its own, whose greeting and replies it gets in order, and messages that
 * are signed on their way. What happens when, the {@link SessionState}s say; here is how a session begins and ends.
 */
final class Session {
    private Session() {}

    /** Serves a client until one side is done, and closes both connections. Nothing that a peer does makes it throw. */
    static void run(Connection connection, SessionContext context) {
        Client client = new Client(connection, trace(connection, context));
        context.log().log(LogLevel.DEBUG, () -> "connect from " + client.address());
        try (connection;
                Watchdog.Watch _ = context.watchdog().watch(connection)) {
            Optional<Reply> farewell = serve(client, context);
            if (farewell.isPresent()) {
                client.send(farewell.get());
            }
            connection.closeAfterLastReply(context.timeouts().farewell());
        } catch (IOException e) {
            context.log().debug("client " + client.address() + " did not read its last reply: " + e.getMessage());
        }
    }

    /** Serves a client; returns what is still to be said to it when the relay's connection is closed. */
    private static Optional<Reply> serve(Client client, SessionContext context) {
        DkimproxyLog log = context.log();
        String ended = "session with " + client.address() + " ended: ";
        try (Overload.RelayWait greeting = context.overload().awaitRelay();
                Relay relay = context.relays().connect();
                Watchdog.Watch _ = context.watchdog().watch(relay.connection())) {
            relay.traceWith(client.trace());
            converse(new Conversation(client, relay, context), new RelayGreeting(greeting));
            return Optional.empty();
        } catch (SessionEnd e) {
            log.info(ended + e.getMessage());
            return Optional.of(e.farewell());
        } catch (RelayException e) {
            context.metrics().relayFailed(e.kind());
            log.warning(ended + e.getMessage());
            return Optional.of(e.isBeforeGreeting() ? Replies.NEXT_HOP_DOWN : Replies.RELAY_LOST);
        } catch (SpoolException e) {
            log.error(ended + e.getMessage());
            return Optional.of(Replies.SPOOL_LOST);
        } catch (FramingException e) {
            log.info(ended + e.getMessage());
            return Optional.of(Replies.badSyntax(e.fault()));
        } catch (SocketTimeoutException e) {
            log.info(ended + "client silent for too long");
            return Optional.of(Replies.TIMEOUT);
        } catch (IOException e) {
            log.info(ended + e.getMessage());
            return Optional.empty();
        } catch (RuntimeException e) {
            log.error("session with " + client.address() + " ended by a fault of this program: " + Faults.describe(e));
            return Optional.of(Replies.INTERNAL_ERROR);
        }
    }

    private static ConversationTrace trace(Connection connection, SessionContext context) {
        return context.settings().message().log().tracesConversations()
                ? ConversationTrace.of(
                        context.log(),
                        AddressText.of(connection.peer()),
                        Thread.currentThread().threadId())
                : ConversationTrace.NONE;
    }

    private static void converse(Conversation conversation, SessionState first) throws IOException, SessionEnd {
        SessionState state = first;
        while (!(state instanceof SessionState.Over)) {
            state = state.proceed(conversation);
        }
    }
}
