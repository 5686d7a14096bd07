package org.dkimproxy.standalone.session;

import java.io.IOException;
import java.util.Optional;
import org.dkimproxy.standalone.smtp.Command;
import org.dkimproxy.standalone.smtp.Extensions;
import org.dkimproxy.standalone.smtp.Reply;

/** The two connections of a session and what was agreed on them: what the states of a session work with. */
final class Conversation {
    private final Client client;
    private final Relay relay;
    private final SessionContext context;
    private final ClientInput input;
    private final CommandLimits limits = new CommandLimits();
    private Extensions extensions = Extensions.NONE;

    Conversation(Client client, Relay relay, SessionContext context) {
        this.client = client;
        this.relay = relay;
        this.context = context;
        this.input = new ClientInput(client, relay, context);
    }

    Client client() {
        return client;
    }

    Relay relay() {
        return relay;
    }

    SessionContext context() {
        return context;
    }

    Timeouts timeouts() {
        return context.timeouts();
    }

    /** What the client sends within a message. */
    ClientInput input() {
        return input;
    }

    /** What the last EHLO gave. */
    Extensions extensions() {
        return extensions;
    }

    void agreeOn(Extensions agreed) {
        extensions = agreed;
    }

    /**
     * The client's next command; empty when the client is gone.
     *
     * @throws SessionEnd if the client has reached its {@link CommandLimits}
     */
    Optional<Command> nextCommand() throws IOException, SessionEnd {
        if (limits.areReached(context.overload().isOfConnections())) {
            throw new SessionEnd(Replies.TOO_MANY_ERRORS, "too many errors or commands without a message");
        }
        Optional<Command> command = input.nextCommand(extensions.commandLimit());
        command.ifPresent(next -> limits.command(next.kind()));
        return command;
    }

    /** The relay has accepted a message. */
    void transactionFinished() {
        limits.transactionFinished();
        input.transactionFinished();
    }

    /** The client's answer to a challenge, with its CRLF; empty when the client is gone. */
    Optional<byte[]> nextAuthLine() throws IOException, SessionEnd {
        return input.nextAuthLine();
    }

    /**
     * Makes sure that the next reply of the relay is not one that came before it was asked.
     *
     * @throws SessionEnd with the relay's 421, if that is what it said unasked
     * @throws RelayException if it said anything else
     */
    void expectSilentRelay() throws RelayException, SessionEnd {
        if (relay.hasSpoken()) {
            throw relay.unsolicited(timeouts().command());
        }
    }

    /** Passes a command of one line to the relay; returns the reply that ends it. */
    Reply ask(Command command) throws RelayException {
        return Relay.requireFinal(relay.exchange(command.line(), timeouts().command()));
    }

    /** Passes a reply to the client; returns the state after it, which is the end after 421. */
    SessionState pass(Reply reply) throws IOException {
        client.send(reply);
        limits.reply(reply.code());
        return reply.isClosing() ? SessionState.OVER : new NextCommand();
    }

    /** Reads a reply that must not ask for more input. */
    SessionState passFinal(Reply reply) throws IOException {
        return pass(Relay.requireFinal(reply));
    }
}
