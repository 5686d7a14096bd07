package org.dkimproxy.standalone.session;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.dkimproxy.signing.MessageSummary;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.OutcomeLog;
import org.dkimproxy.standalone.metrics.Disposition;
import org.dkimproxy.standalone.metrics.RelayFailure;
import org.dkimproxy.standalone.smtp.DataDecoder;
import org.dkimproxy.standalone.smtp.DotStuffer;
import org.dkimproxy.standalone.smtp.Reply;
import org.dkimproxy.standalone.smtp.WireInput;
import org.dkimproxy.standalone.spool.Spool;
import org.dkimproxy.standalone.spool.SpoolException;

/**
 * One message from the relay's 354 to the relay's reply to its end of data: received, signed and spooled in one pass, then
 * delivered, and counted once. A message that the proxy refuses is still read to its end. No positive reply is given that
 * the relay did not give for this message (RFC 5321 section 4.2.5).
 */
final class Transaction implements Closeable {
    private static final byte[] NO_FIELDS = {};
    private static final int ROOM_FOR_DOTS = 64;

    private final Conversation conversation;
    private final SessionContext context;
    private final ProxyConfiguration configuration;
    private final long sizeLimit;
    private final Spool spool;
    private final DataDecoder decoder = new DataDecoder();
    private Optional<SigningTransaction> signing;
    private MessageSummary summary = MessageSummary.UNKNOWN;
    private Optional<Refusal> refusal = Optional.empty();
    private long octets;
    private boolean counted;

    /** Begins a message, which keeps the current configuration during a reload. */
    Transaction(Conversation conversation) {
        this.conversation = conversation;
        this.context = conversation.context();
        this.configuration = context.configuration().get();
        this.sizeLimit = conversation
                .extensions()
                .sizeLimit(configuration.settings().limits().messageSize());
        this.signing = Optional.of(configuration.transactions().get());
        this.spool = new Spool(
                configuration.settings().message().spoolDirectory(),
                context.spoolBudget(),
                conversation.client().network());
    }

    /**
     * Transfers the message.
     *
     * @param startInput the relay's 354, which the client has not heard yet
     * @return the state of the session after it
     */
    SessionState transfer(Reply startInput) throws IOException, SessionEnd {
        try {
            conversation.client().send(startInput);
            receive(conversation.input());
            return refusal.isPresent() ? refuse(refusal.get()) : signAndDeliver();
        } catch (IOException | SessionEnd | RuntimeException e) {
            Disposition loss = lossBy(e);
            count(loss);
            OutcomeLog.writeNotAcknowledged(context.log(), loss.reason(), summary());
            throw e;
        }
    }

    @Override
    public void close() {
        spool.close();
    }

    private void receive(ClientInput client) throws IOException, SessionEnd {
        WireInput wire = client.octets();
        wire.grow();
        ClientDeadline deadline = client.messageDeadline();
        long received = 0;
        while (!decoder.isComplete()) {
            if (wire.buffered() == 0 && !client.fill(deadline)) {
                throw new EOFException("client gone before the end of data");
            }
            int from = wire.position();
            int used = decoder.decode(wire.array(), from, wire.limit(), this::keep) - from;
            wire.skip(used);
            received += used;
        }
        client.trace().messageFromClient(received);
        if (decoder.sawNul()) {
            refusal = Optional.of(Refusal.NUL);
        } else if (decoder.sawBareNewline() && configuration.settings().bareNewline() == BareNewline.REJECT) {
            refusal = Optional.of(Refusal.BARE_NEWLINE);
        }
    }

    private void keep(byte[] array, int offset, int length) throws IOException {
        octets += length;
        if (refusal.isPresent()) {
            return;
        }
        if (sizeLimit > 0 && spool.size() + length > sizeLimit) {
            discard(Refusal.TOO_LARGE);
            return;
        }
        SigningTransaction signer = signing.orElseThrow();
        signer.update(array, offset, length);
        try {
            spool.countBeside(signer.heldOctets());
            spool.write(array, offset, length);
        } catch (IOException e) {
            OutcomeLog.writeNoSpace(context.log(), String.valueOf(e.getMessage()), summary());
            discard(Refusal.NO_SPACE);
        }
    }

    /** Others may need the room before the message has ended. */
    private void discard(Refusal reason) {
        refusal = Optional.of(reason);
        summary = summary();
        signing = Optional.empty();
        spool.close();
    }

    private SessionState refuse(Refusal reason) {
        OutcomeLog.writeRefused(context.log(), reason.reply().lines().getFirst(), summary());
        count(reason.disposition());
        return new MessageRefused(reason.reply());
    }

    private SessionState signAndDeliver() throws IOException {
        DkimproxyLog log = context.log();
        boolean rejectsErrors = configuration.settings().message().rejectErrors();
        SigningOutcome outcome = sign();
        OutcomeLog.write(log, outcome, rejectsErrors);
        if (decoder.sawBareNewline()) {
            OutcomeLog.writeRepaired(log, outcome.message());
        }
        Disposition disposition = Disposition.of(outcome, rejectsErrors);
        return switch (outcome) {
            case SigningOutcome.Signed signed -> deliver(signed.header(), disposition);
            case SigningOutcome.Failed failed
            when rejectsErrors -> {
                count(disposition);
                yield new MessageRefused(Replies.of(failed));
            }
            case SigningOutcome.Skipped _, SigningOutcome.Failed _ -> deliver(NO_FIELDS, disposition);
        };
    }

    private SigningOutcome sign() {
        long endOfData = System.nanoTime();
        SigningOutcome outcome = signing.orElseThrow().finish();
        if (outcome instanceof SigningOutcome.Signed signed) {
            context.metrics().signed(signed.fields(), System.nanoTime() - endOfData);
        }
        return outcome;
    }

    private SessionState deliver(byte[] fields, Disposition disposition) throws IOException {
        Reply reply = Relay.requireFinal(send(fields));
        if (reply.isClosing()) {
            throw new RelayException(RelayFailure.CLOSING, "relay answers the end of data with 421");
        }
        count(disposition);
        context.metrics().relayAnswered(reply.code(), fields.length + octets);
        if (reply.isPositive()) {
            conversation.transactionFinished();
        }
        return conversation.pass(reply);
    }

    /** Sends the message to the relay with these octets before it; returns the reply to the end of data. */
    private Reply send(byte[] fields) throws IOException {
        DotStuffer stuffer = new DotStuffer();
        Relay relay = conversation.relay();
        long leaving = fields.length + spool.size();
        relay.trace().messageToRelay(leaving);
        Reply reply = relay.deliver(
                leaving + ROOM_FOR_DOTS,
                out -> {
                    out.write(fields);
                    spool.read((array, offset, length) -> stuffer.update(array, offset, length, out::write));
                },
                (OutputStream out) -> stuffer.finish(out::write),
                context.timeouts().finalDot());
        if (stuffer.longLines() > 0) {
            OutcomeLog.writeLongLines(context.log(), stuffer.longLines(), summary());
        }
        return reply;
    }

    /** What the header says of the message, once it has come. */
    private MessageSummary summary() {
        return signing.map(SigningTransaction::summary).orElse(summary);
    }

    /** The first disposition counts: what happens after it, such as a client that does not read its reply, changes nothing. */
    private void count(Disposition disposition) {
        if (!counted) {
            counted = true;
            context.metrics().messageEnded(disposition, octets);
        }
    }

    /** What a message counts as whose transfer ends with this. */
    private static Disposition lossBy(Exception cause) {
        return switch (cause) {
            case RelayException _ -> Disposition.LOST_RELAY;
            case SpoolException _ -> Disposition.LOST_SPOOL;
            case SessionEnd _ -> Disposition.LOST_STOPPING;
            case SocketTimeoutException _ -> Disposition.LOST_CLIENT_TIMEOUT;
            case IOException _ -> Disposition.LOST_CLIENT_GONE;
            default -> Disposition.LOST_FAULT;
        };
    }
}
