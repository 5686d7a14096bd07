package org.dkimproxy.standalone.proxy;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.dkimproxy.signing.MessageSummary;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.standalone.access.ClientNetwork;
import org.dkimproxy.standalone.log.OutcomeLog;
import org.dkimproxy.standalone.metrics.MessageEnd;
import org.dkimproxy.standalone.options.BareNewline;
import org.dkimproxy.standalone.smtp.DataDecoder;
import org.dkimproxy.standalone.smtp.DotStuffer;
import org.dkimproxy.standalone.smtp.Reply;
import org.dkimproxy.standalone.smtp.WireInput;
import org.dkimproxy.standalone.spool.Spool;

/**
 * One message between the relay's 354 and its dot: read to its end, signed and spooled while it is read, and then
 * written once. A message that cannot be kept is still read to its end.
 */
final class IncomingMessage implements Closeable {
    private static final int ROOM_FOR_DOTS = 64;

    private final SessionContext context;
    private final Service service;
    private final long sizeLimit;
    private final Spool spool;
    private final DataDecoder decoder = new DataDecoder();
    private Optional<SigningTransaction> transaction;
    private MessageSummary summary = MessageSummary.UNKNOWN;
    private Optional<Refusal> refusal = Optional.empty();
    private long octets;
    private boolean ended;

    /**
     * A message about to come.
     *
     * @param service what holds for it, whatever is reloaded meanwhile
     * @param client whose message it is
     * @param sizeLimit octets at most; 0 for no limit
     */
    IncomingMessage(SessionContext context, Service service, ClientNetwork client, long sizeLimit) {
        this.context = context;
        this.service = service;
        this.sizeLimit = sizeLimit;
        this.transaction = Optional.of(service.transactions().get());
        this.spool = new Spool(service.settings().message().spoolDirectory(), context.spoolBudget(), client);
    }

    /**
     * Reads the message to its end of data.
     *
     * @throws EOFException if the client is gone before
     * @throws java.net.SocketTimeoutException if the client is silent or too slow
     * @throws SessionEnd if the proxy stops and waits no longer
     */
    void receive(ClientInput client) throws IOException, SessionEnd {
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
        judge();
    }

    /** Why the message cannot be taken, once it was received; empty when it can. */
    Optional<Refusal> refusal() {
        return refusal;
    }

    /** What the header says of the message, once it has come. */
    MessageSummary summary() {
        return transaction.map(SigningTransaction::summary).orElse(summary);
    }

    /** Signs the message, once it was received and is not refused. */
    SigningOutcome sign() {
        long endOfData = System.nanoTime();
        SigningOutcome outcome = transaction.orElseThrow().finish();
        if (outcome instanceof SigningOutcome.Signed signed) {
            context.metrics().signed(signed.fields(), System.nanoTime() - endOfData);
        }
        return outcome;
    }

    /** Whether a CR or LF stood alone, or several CRs before an LF, so that line ends were repaired. */
    boolean hasRepairedLineEnds() {
        return decoder.sawBareNewline();
    }

    /** Octets that came, without dot-stuffing and end of data. */
    long octets() {
        return octets;
    }

    /** It is settled what becomes of the message; what is said later no longer counts. */
    void end(MessageEnd end) {
        if (!ended) {
            ended = true;
            context.metrics().messageEnded(end, octets);
        }
    }

    /** Hands the message to the relay with these octets before it; returns the reply to the dot. */
    Reply deliver(Relay relay, byte[] fields) throws IOException {
        DotStuffer stuffer = new DotStuffer();
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

    @Override
    public void close() {
        spool.close();
    }

    private void keep(byte[] array, int offset, int length) throws IOException {
        octets += length;
        if (refusal.isPresent()) {
            return;
        }
        if (sizeLimit > 0 && spool.size() + length > sizeLimit) {
            refuse(Refusal.TOO_LARGE);
            return;
        }
        SigningTransaction signing = transaction.orElseThrow();
        signing.update(array, offset, length);
        try {
            spool.countBeside(signing.heldOctets());
            spool.write(array, offset, length);
        } catch (IOException e) {
            OutcomeLog.writeNoSpace(context.log(), String.valueOf(e.getMessage()), summary());
            refuse(Refusal.NO_SPACE);
        }
    }

    /** What was kept is of no use any more, and others may need the room before the message has ended. */
    private void refuse(Refusal reason) {
        refusal = Optional.of(reason);
        summary = summary();
        transaction = Optional.empty();
        spool.close();
    }

    private void judge() {
        if (decoder.sawNul()) {
            refusal = Optional.of(Refusal.NUL);
        } else if (decoder.sawBareNewline() && service.settings().bareNewline() == BareNewline.REJECT) {
            refusal = Optional.of(Refusal.BARE_NEWLINE);
        }
    }
}
