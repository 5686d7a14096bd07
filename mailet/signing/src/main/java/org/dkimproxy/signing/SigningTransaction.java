package org.dkimproxy.signing;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.dkimproxy.signing.SigningOutcome.Kind;
import org.dkimproxy.signing.message.HeaderCollector;
import org.dkimproxy.signing.message.HeaderFields;
import org.dkimproxy.signing.message.IdentificationFields;
import org.dkimproxy.signing.message.Originator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message on its way through the signer, fed in chunks of any size: the same octets give the same outcome however they
 * are cut.
 *
 * <p>The octets are the message as it will be transmitted: CRLF line ends, not dot-stuffed (RFC 6376 section 5.3). A message
 * without an empty line is all header. Memory is bounded by the header; the body is digested as it passes. Not thread-safe.
 */
public final class SigningTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(SigningTransaction.class);

    private final SignerSettings settings;
    private final SigningPolicy policy;
    private MessageSummary summary = MessageSummary.UNKNOWN;
    private Stage stage;

    SigningTransaction(SignerSettings settings, SigningPolicy policy) {
        this.settings = settings;
        this.policy = policy;
        this.stage = new Stage.InHeader(new HeaderCollector(settings.maxHeaderBytes()));
    }

    /** How far the message has come. */
    private sealed interface Stage {
        record InHeader(HeaderCollector collector) implements Stage {}

        record InBody(SigningPass pass) implements Stage {}

        /** The header alone settled the outcome: the body does not matter. */
        record Decided(SigningOutcome outcome) implements Stage {}

        record Ended() implements Stage {}
    }

    /**
     * Takes the next octets of the message; never throws on their content.
     *
     * @param buffer may be reused after the call
     * @throws IllegalStateException after {@link #finish}
     */
    public void update(byte[] buffer, int offset, int length) {
        switch (stage) {
            case Stage.InHeader header -> {
                int bodyBegin = header.collector().update(buffer, offset, length);
                if (bodyBegin != HeaderCollector.NOT_ENDED) {
                    stage = afterHeader(header.collector());
                    update(buffer, bodyBegin, offset + length - bodyBegin);
                }
            }
            case Stage.InBody body -> body.pass().update(buffer, offset, length);
            case Stage.Decided decided -> {
                // nothing that follows changes it
            }
            case Stage.Ended ended -> throw new IllegalStateException("the message has ended");
        }
    }

    /**
     * Ends the message and makes its signatures.
     *
     * @throws IllegalStateException if called a second time
     */
    public SigningOutcome finish() {
        if (stage instanceof Stage.InHeader header) {
            header.collector().finish();
            stage = afterHeader(header.collector());
        }
        SigningOutcome outcome = switch (stage) {
            case Stage.InBody body -> attempt(() -> sign(body.pass()), failed -> failed);
            case Stage.Decided decided -> decided.outcome();
            case Stage.InHeader header -> throw new IllegalStateException("the header has ended");
            case Stage.Ended ended -> throw new IllegalStateException("the message has ended");
        };
        stage = new Stage.Ended();
        return outcome;
    }

    private SigningOutcome sign(SigningPass pass) throws SigningFailedException {
        List<SignatureField> fields = pass.finish(settings.clock().instant());
        return new SigningOutcome.Signed(fields, summary.signedBy(fields));
    }

    private Stage afterHeader(HeaderCollector collector) {
        return attempt(() -> decide(collector), Stage.Decided::new);
    }

    private Stage decide(HeaderCollector collector) throws SigningFailedException {
        if (collector.tooLarge()) {
            throw SigningFailedException.permanent("a header of over " + settings.maxHeaderBytes() + " octets");
        }
        HeaderFields fields = collector.fields();
        if (fields.tooMany()) {
            throw SigningFailedException.permanent("a header of over " + HeaderFields.MOST + " fields");
        }
        Originator originator = Originator.of(fields);
        summary = summarize(fields, originator);
        Optional<String> defect = settings.compatibility() == Compatibility.NONE ? fields.defect() : Optional.empty();
        return switch (originator) {
            case Originator.Unknown unknown -> throw SigningFailedException.permanent(defect.orElse(unknown.reason()));
            case Originator.Known known ->
                switch (policy.decide(known.address(), IdentificationFields.listId(fields))) {
                    case SigningPolicy.Decision.Leave leave ->
                        new Stage.Decided(new SigningOutcome.Skipped(leave.cause(), leave.reason(), summary));
                    case SigningPolicy.Decision.Sign sign -> {
                        if (defect.isPresent()) {
                            throw SigningFailedException.permanent(defect.get());
                        }
                        yield new Stage.InBody(new SigningPass(sign.requests(), fields, settings.oversigning()));
                    }
                };
        };
    }

    private static MessageSummary summarize(HeaderFields fields, Originator originator) {
        Optional<String> sender = Optional.empty();
        Optional<String> from = Optional.empty();
        if (originator instanceof Originator.Known known) {
            Optional<String> address = Optional.of(known.address().toString());
            sender = known.fromSender() ? address : sender;
            from = known.fromSender() ? from : address;
        }
        return new MessageSummary(IdentificationFields.messageId(fields), Optional.empty(), sender, from);
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws SigningFailedException;
    }

    /** Turns a failure to sign into an outcome; a fault of our own must not lose the message either. */
    private <T> T attempt(Attempt<T> work, Function<SigningOutcome.Failed, T> onFailure) {
        try {
            return work.run();
        } catch (SigningFailedException failed) {
            LOG.debug("not signed", failed);
            return onFailure.apply(new SigningOutcome.Failed(failed.kind(), failed.reason(), summary));
        } catch (RuntimeException fault) {
            LOG.error("a fault in the signer; please report it", fault);
            return onFailure.apply(new SigningOutcome.Failed(Kind.TEMPORARY, "internal fault", summary));
        }
    }
}
