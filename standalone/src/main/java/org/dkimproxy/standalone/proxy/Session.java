package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.Faults;
import org.dkimproxy.standalone.log.OutcomeLog;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.CommandReader;
import org.dkimproxy.standalone.smtp.EhloFilter;
import org.dkimproxy.standalone.smtp.FramingException;
import org.dkimproxy.standalone.smtp.Reply;
import org.dkimproxy.standalone.spool.SpoolException;

/**
 * What one client meets: a relay connection of its own, whose greeting and replies it gets in order, and messages that
 * are signed on their way.
 *
 * <p>Commands may come pipelined (RFC 2920); they go to the relay in lock-step. A message reaches the relay only whole,
 * and the client hears 2xx for it only when the relay said so for that message.
 */
final class Session {
    /** Verbs of one line and one reply, none of which the proxy has to follow. */
    private static final Set<String> PASSED = Set.of(
            "HELO", "MAIL", "RCPT", "RSET", "NOOP", "VRFY", "EXPN", "HELP", "ETRN", "XFORWARD", "SEND", "SAML", "SOML");

    private static final int SESSION_RESET = 220;
    private static final int CHALLENGE = 334;
    private static final int START_INPUT = 354;
    private static final byte[] NO_FIELDS = {};

    private final Connection client;
    private final Relay relay;
    private final SessionContext context;
    private final DkimproxyLog log;
    private final CommandReader commands;
    private final IdleWatch idle;
    private int commandLimit = CommandReader.PLAIN_LIMIT;
    private long relayLimit;

    private Session(Connection client, Relay relay, SessionContext context) {
        this.client = client;
        this.relay = relay;
        this.context = context;
        this.log = context.log();
        this.commands = new CommandReader(client.input());
        this.idle = new IdleWatch(client, relay, context);
    }

    /** Serves a client until one side is done, and closes both connections. Nothing that a peer does makes it throw. */
    static void run(Connection client, SessionContext context) {
        context.log().debug("connect from " + client.peer());
        try (client) {
            Optional<Reply> farewell = serve(client, context);
            if (farewell.isPresent()) {
                client.send(farewell.get());
            }
            client.closeAfterLastReply(context.timeouts().farewell());
        } catch (IOException e) {
            context.log().debug("client " + client.peer() + " did not read its last reply: " + e.getMessage());
        }
    }

    /** Serves a client; returns what is still to be said to it when the relay's connection is closed. */
    private static Optional<Reply> serve(Connection client, SessionContext context) {
        DkimproxyLog log = context.log();
        try (Relay relay = Relay.connect(context.settings().relay(), context.timeouts(), context.connections())) {
            new Session(client, relay, context).converse();
            return Optional.empty();
        } catch (SessionEnd e) {
            log.info("session with " + client.peer() + " ended: " + e.getMessage());
            return Optional.of(e.farewell());
        } catch (RelayException e) {
            log.warning("session with " + client.peer() + " ended: " + e.getMessage());
            return Optional.of(e.isBeforeGreeting() ? Replies.NEXT_HOP_DOWN : Replies.RELAY_LOST);
        } catch (SpoolException e) {
            log.error("session with " + client.peer() + " ended: " + e.getMessage());
            return Optional.of(Replies.SPOOL_LOST);
        } catch (FramingException e) {
            log.info("session with " + client.peer() + " ended: " + e.getMessage());
            return Optional.of(Replies.badSyntax(e.fault()));
        } catch (SocketTimeoutException e) {
            log.info("session with " + client.peer() + " ended: client silent for too long");
            return Optional.of(Replies.TIMEOUT);
        } catch (IOException e) {
            log.info("session with " + client.peer() + " ended: " + e.getMessage());
            return Optional.empty();
        } catch (RuntimeException e) {
            log.error("session with " + client.peer() + " ended by a fault of this program: " + Faults.describe(e));
            return Optional.of(Replies.INTERNAL_ERROR);
        }
    }

    private void converse() throws IOException, SessionEnd {
        boolean open = say(relay.greeting(context.timeouts().greeting()));
        while (open) {
            Optional<Command> command = nextCommand();
            open = command.isPresent() && obey(command.get());
        }
    }

    /** Obeys one command; returns whether the session goes on. */
    private boolean obey(Command command) throws IOException, SessionEnd {
        if (relay.hasSpoken()) {
            throw idle.unsolicited();
        }
        return switch (command.verb()) {
            case "EHLO" -> ehlo(command);
            case "AUTH" -> auth(command);
            case "XCLIENT" -> xclient(command);
            case "DATA" -> data(command);
            case "QUIT" -> {
                say(ask(command));
                yield false;
            }
            case "BDAT" -> {
                client.send(Replies.NOT_IMPLEMENTED);
                yield false;
            }
            case "" -> say(Replies.NO_COMMAND);
            case String verb when PASSED.contains(verb) -> say(ask(command));
            default -> say(Replies.NOT_IMPLEMENTED);
        };
    }

    private boolean ehlo(Command command) throws IOException {
        Reply reply = ask(command);
        if (!reply.isPositive()) {
            return say(reply);
        }
        EhloFilter.Result filtered = new EhloFilter(context.settings().messageSizeLimit()).apply(reply);
        commandLimit = filtered.commandLimit();
        relayLimit = filtered.relayLimit();
        return say(filtered.reply());
    }

    /** Between AUTH and the reply that ends it, lines are nobody's business (RFC 4954 section 4). */
    private boolean auth(Command command) throws IOException {
        Reply reply = relay.exchange(command.line(), context.timeouts().command());
        while (reply.code() == CHALLENGE) {
            client.send(reply);
            client.readWithin(context.timeouts().client());
            Optional<byte[]> line = commands.nextAuthLine();
            if (line.isEmpty()) {
                return false;
            }
            reply = relay.exchange(line.get(), context.timeouts().command());
        }
        return say(complete(reply));
    }

    private boolean xclient(Command command) throws IOException {
        Reply reply = ask(command);
        if (reply.code() == SESSION_RESET) {
            commandLimit = CommandReader.PLAIN_LIMIT;
            relayLimit = 0;
        }
        return say(reply);
    }

    private boolean data(Command command) throws IOException, SessionEnd {
        Reply reply = relay.exchange(command.line(), context.timeouts().data());
        if (reply.code() == START_INPUT) {
            return message(reply);
        }
        if (reply.isPositive()) {
            throw new RelayException("relay answers DATA with " + reply.code());
        }
        return say(complete(reply));
    }

    private boolean message(Reply startInput) throws IOException, SessionEnd {
        Service service = context.service().get();
        try (IncomingMessage message = new IncomingMessage(context, service, sizeLimit(service))) {
            client.send(startInput);
            message.receive(client);
            Optional<Reply> refusal = message.refusal();
            if (refusal.isPresent()) {
                log.warning("message refused: " + refusal.get().lines().getFirst());
                return refuse(refusal.get());
            }
            boolean refusesFailures = service.settings().message().rejectErrors();
            SigningOutcome outcome = message.sign();
            OutcomeLog.write(log, outcome, refusesFailures);
            return switch (outcome) {
                case SigningOutcome.Signed signed -> deliver(message, signed.header());
                case SigningOutcome.Failed failed when refusesFailures -> refuse(Replies.of(failed));
                case SigningOutcome.Skipped _, SigningOutcome.Failed _ -> deliver(message, NO_FIELDS);
            };
        }
    }

    private boolean deliver(IncomingMessage message, byte[] fields) throws IOException {
        Reply reply = message.deliver(relay, fields);
        if (reply.isClosing()) {
            throw new RelayException("relay answers the end of data with 421");
        }
        return say(complete(reply));
    }

    /** The relay waits for a message that must not come: all that is left is to hang up on it. */
    private boolean refuse(Reply refusal) throws IOException, SessionEnd {
        relay.close();
        idle.forgetRelay();
        client.send(refusal);
        Optional<Command> next = nextCommand();
        if (next.isPresent()) {
            client.send(next.get().verb().equals("QUIT") ? Replies.GOODBYE : Replies.AFTER_REFUSAL);
        }
        return false;
    }

    private Optional<Command> nextCommand() throws IOException, SessionEnd {
        return idle.awaitClient() ? commands.next(commandLimit) : Optional.empty();
    }

    private Reply ask(Command command) throws RelayException {
        return complete(relay.exchange(command.line(), context.timeouts().command()));
    }

    /** A reply that ends its command. */
    private static Reply complete(Reply reply) throws RelayException {
        if (reply.isIntermediate()) {
            throw new RelayException("relay answers with " + reply.code() + " where no more input can follow");
        }
        return reply;
    }

    /** Passes a reply to the client; returns whether the session goes on after it. */
    private boolean say(Reply reply) throws IOException {
        client.send(reply);
        return !reply.isClosing();
    }

    private long sizeLimit(Service service) {
        long own = service.settings().messageSizeLimit();
        return own == 0 || (relayLimit != 0 && relayLimit < own) ? relayLimit : own;
    }
}
