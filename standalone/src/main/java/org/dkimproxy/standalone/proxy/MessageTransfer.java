package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.OutcomeLog;
import org.dkimproxy.standalone.metrics.MessageEnd;
import org.dkimproxy.standalone.metrics.RelayFailure;
import org.dkimproxy.standalone.smtp.Reply;
import org.dkimproxy.standalone.spool.SpoolException;

/**
 * After the relay's 354: the message comes in whole, is signed, goes out, and its client hears what the relay said to
 * its dot. No 2xx is said here that the relay did not say for this message (RFC 5321 section 4.2.5).
 *
 * @param startInput the relay's 354, not yet passed to the client
 */
record MessageTransfer(Reply startInput) implements SessionState {
    private static final byte[] NO_FIELDS = {};

    @Override
    public SessionState proceed(Conversation conversation) throws IOException, SessionEnd {
        SessionContext context = conversation.context();
        Service service = context.service().get();
        long sizeLimit =
                conversation.extensions().sizeLimit(service.settings().limits().messageSize());
        try (IncomingMessage message =
                new IncomingMessage(context, service, conversation.client().network(), sizeLimit)) {
            try {
                return transfer(message, service.settings().message().rejectErrors(), conversation);
            } catch (IOException | SessionEnd | RuntimeException e) {
                MessageEnd loss = lossBy(e);
                message.end(loss);
                OutcomeLog.writeNotAcknowledged(context.log(), loss.reason(), message.summary());
                throw e;
            }
        }
    }

    private SessionState transfer(IncomingMessage message, boolean refusesFailures, Conversation conversation)
            throws IOException, SessionEnd {
        DkimproxyLog log = conversation.context().log();
        conversation.client().send(startInput);
        message.receive(conversation.input());
        Optional<Refusal> refusal = message.refusal();
        if (refusal.isPresent()) {
            Reply reply = refusal.get().reply();
            OutcomeLog.writeRefused(log, reply.lines().getFirst(), message.summary());
            message.end(refusal.get().end());
            return new MessageRefused(reply);
        }
        SigningOutcome outcome = message.sign();
        OutcomeLog.write(log, outcome, refusesFailures);
        if (message.hasRepairedLineEnds()) {
            OutcomeLog.writeRepaired(log, outcome.message());
        }
        MessageEnd end = MessageEnd.of(outcome, refusesFailures);
        return switch (outcome) {
            case SigningOutcome.Signed signed -> deliver(message, signed.header(), end, conversation);
            case SigningOutcome.Failed failed
            when refusesFailures -> {
                message.end(end);
                yield new MessageRefused(Replies.of(failed));
            }
            case SigningOutcome.Skipped _, SigningOutcome.Failed _ -> deliver(message, NO_FIELDS, end, conversation);
        };
    }

    private static SessionState deliver(
            IncomingMessage message, byte[] fields, MessageEnd end, Conversation conversation) throws IOException {
        Reply reply = Conversation.complete(message.deliver(conversation.relay(), fields));
        if (reply.isClosing()) {
            throw new RelayException(RelayFailure.CLOSING, "relay answers the end of data with 421");
        }
        message.end(end);
        conversation.context().metrics().relayAnswered(reply.code(), fields.length + message.octets());
        if (reply.isPositive()) {
            conversation.transactionFinished();
        }
        return conversation.pass(reply);
    }

    /** What a message counts as whose transfer ends with this. */
    static MessageEnd lossBy(Exception cause) {
        return switch (cause) {
            case RelayException _ -> MessageEnd.LOST_RELAY;
            case SpoolException _ -> MessageEnd.LOST_SPOOL;
            case SessionEnd _ -> MessageEnd.LOST_STOPPING;
            case SocketTimeoutException _ -> MessageEnd.LOST_CLIENT_TIMEOUT;
            case IOException _ -> MessageEnd.LOST_CLIENT_GONE;
            default -> MessageEnd.LOST_FAULT;
        };
    }
}
