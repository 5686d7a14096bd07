package org.dkimproxy.standalone.proxy;

import java.io.IOException;
import java.util.Optional;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.standalone.log.OutcomeLog;
import org.dkimproxy.standalone.smtp.Reply;

/**
 * After the relay's 354: the message comes in whole, is signed, goes out, and its client hears what the relay said to
 * its dot. No 2xx is said here that the relay did not say for this message (RFC 5321 section 4.2.5).
 *
 * @param startInput the relay's 354, not yet passed to the client
 */
record MessageTransfer(Reply startInput) implements SessionState {
    private static final byte[] NO_FIELDS = {};

    @Override
    public SessionState proceed(Conversation conversation) throws IOException {
        SessionContext context = conversation.context();
        Service service = context.service().get();
        long sizeLimit =
                conversation.extensions().sizeLimit(service.settings().limits().messageSize());
        try (IncomingMessage message = new IncomingMessage(context, service, sizeLimit)) {
            conversation.client().send(startInput);
            message.receive(conversation.input());
            Optional<Reply> refusal = message.refusal();
            if (refusal.isPresent()) {
                context.log()
                        .warning("message refused: " + refusal.get().lines().getFirst());
                return new MessageRefused(refusal.get());
            }
            boolean refusesFailures = service.settings().message().rejectErrors();
            SigningOutcome outcome = message.sign();
            OutcomeLog.write(context.log(), outcome, refusesFailures);
            return switch (outcome) {
                case SigningOutcome.Signed signed -> deliver(message, signed.header(), conversation);
                case SigningOutcome.Failed failed when refusesFailures -> new MessageRefused(Replies.of(failed));
                case SigningOutcome.Skipped _, SigningOutcome.Failed _ -> deliver(message, NO_FIELDS, conversation);
            };
        }
    }

    private static SessionState deliver(IncomingMessage message, byte[] fields, Conversation conversation)
            throws IOException {
        Reply reply = message.deliver(conversation.relay(), fields);
        if (reply.isClosing()) {
            throw new RelayException("relay answers the end of data with 421");
        }
        return conversation.passFinal(reply);
    }
}
