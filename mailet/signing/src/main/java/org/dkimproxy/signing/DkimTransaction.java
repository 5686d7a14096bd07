package org.dkimproxy.signing;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.dkimproxy.signing.SigningOutcome.Kind;
import org.dkimproxy.signing.message.HeaderCollector;
import org.dkimproxy.signing.message.HeaderField;
import org.dkimproxy.signing.message.HeaderFields;
import org.dkimproxy.signing.message.IdentificationFields;
import org.dkimproxy.signing.message.Originator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transaction of a {@link DkimSigner}: collects the header, decides by it, then digests the body as it passes. */
final class DkimTransaction implements SigningTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(SigningTransaction.class);

    /** Characters of a Message-ID that are remembered for the log; RFC 5322 section 2.1.1 has no longer lines. */
    private static final int LONGEST_ID = 998;

    private final SignerSettings settings;
    private final SigningPolicy policy;
    private final AlignmentNotices alignment;
    private MessageSummary summary = MessageSummary.UNKNOWN;
    private Stage stage;

    DkimTransaction(SignerSettings settings, SigningPolicy policy, AlignmentNotices alignment) {
        this.settings = settings;
        this.policy = policy;
        this.alignment = alignment;
        this.stage = new Stage.InHeader(new HeaderCollector(settings.maxHeaderBytes()));
    }

    /** How far the message has come. */
    private sealed interface Stage {
        record InHeader(HeaderCollector collector) implements Stage {}

        /** It is to be signed, and nothing is prepared for that yet. */
        record Accepted(List<SignatureRequest> requests, HeaderFields fields, Originator author) implements Stage {}

        record InBody(SigningPass pass, Originator author) implements Stage {}

        /** The header alone settled the outcome: the body does not matter. */
        record Decided(SigningOutcome outcome) implements Stage {}

        record Ended() implements Stage {}
    }

    @Override
    public void update(byte[] buffer, int offset, int length) {
        switch (stage) {
            case Stage.InHeader header -> {
                int bodyBegin = header.collector().update(buffer, offset, length);
                if (bodyBegin != HeaderCollector.NOT_ENDED) {
                    // at once, since the header may take much memory and the body much time
                    stage = begun(afterHeader(header.collector()));
                    update(buffer, bodyBegin, offset + length - bodyBegin);
                }
            }
            case Stage.Accepted accepted -> {
                stage = begun(accepted);
                update(buffer, offset, length);
            }
            case Stage.InBody body -> body.pass().update(buffer, offset, length);
            case Stage.Decided decided -> {
                // nothing that follows changes it
            }
            case Stage.Ended ended -> throw new IllegalStateException("the message has ended");
        }
    }

    @Override
    public MessageSummary summary() {
        return summary;
    }

    @Override
    public int heldOctets() {
        return stage instanceof Stage.InHeader header ? header.collector().heldOctets() : 0;
    }

    @Override
    public SigningOutcome finish() {
        if (stage instanceof Stage.InHeader header) {
            header.collector().finish();
            stage = afterHeader(header.collector());
        }
        stage = begun(stage);
        SigningOutcome outcome = switch (stage) {
            case Stage.InBody body -> attempt(() -> sign(body), failed -> failed);
            case Stage.Decided decided -> decided.outcome();
            case Stage.InHeader header -> throw new IllegalStateException("the header has ended");
            case Stage.Accepted accepted -> throw new IllegalStateException("the signatures were begun");
            case Stage.Ended ended -> throw new IllegalStateException("the message has ended");
        };
        stage = new Stage.Ended();
        return outcome;
    }

    @Override
    public Optional<SigningOutcome> decide(byte[] buffer, int offset, int length) {
        if (!(stage instanceof Stage.InHeader begun)) {
            throw new IllegalStateException("the message has begun");
        }
        begun.collector().update(buffer, offset, length);
        begun.collector().finish();
        stage = afterHeader(begun.collector());
        return decided();
    }

    @Override
    public Optional<SigningOutcome> decided() {
        return stage instanceof Stage.Decided decided ? Optional.of(decided.outcome()) : Optional.empty();
    }

    private SigningOutcome sign(Stage.InBody body) throws SigningFailedException {
        List<SignatureField> fields = body.pass().finish(settings.clock().instant());
        warnOfControls(body.pass());
        alignment.check(fields, body.author(), summary);
        return new SigningOutcome.Signed(fields, summary.signedBy(fields));
    }

    private Stage afterHeader(HeaderCollector collector) {
        return attempt(() -> decide(collector), Stage.Decided::new);
    }

    /** The stage in which the body is taken. */
    private Stage begun(Stage before) {
        if (!(before instanceof Stage.Accepted accepted)) {
            return before;
        }
        return attempt(
                () -> new Stage.InBody(
                        new SigningPass(accepted.requests(), accepted.fields(), settings.oversigning()),
                        accepted.author()),
                Stage.Decided::new);
    }

    private Stage decide(HeaderCollector collector) throws SigningFailedException {
        if (collector.tooLarge()) {
            return unread("a header of over " + settings.maxHeaderBytes() + " octets");
        }
        HeaderFields fields = collector.fields();
        if (fields.tooMany()) {
            return unread("a header of over " + HeaderFields.MOST + " fields");
        }
        Originators originators = Originators.of(fields, settings);
        summary = summarize(fields, originators.deciding());
        Optional<String> listId = IdentificationFields.listId(fields);
        Optional<String> defect = settings.compatibility() == Compatibility.NONE ? fields.defect() : Optional.empty();
        return switch (policy.decide(originators, listId)) {
            case SigningPolicy.Decision.Leave leave -> {
                if (oughtToBeSigned(fields, originators, listId)) {
                    throw SigningFailedException.permanent(
                            defect.or(fields::fromFault).orElseThrow());
                }
                yield left(leave, defect);
            }
            case SigningPolicy.Decision.Sign sign -> {
                Optional<String> fault = defect.or(fields::lookAlikeOfFrom).or(fields::fromFault);
                if (fault.isPresent()) {
                    throw SigningFailedException.permanent(fault.get());
                }
                yield new Stage.Accepted(sign.requests(), fields, originators.author());
            }
        };
    }

    /**
     * Whether a rule covers an author whom a message names in another way than by one From field: in one of several, or in
     * Sender alone. Then the message ought to be signed and cannot.
     */
    private boolean oughtToBeSigned(HeaderFields fields, Originators originators, Optional<String> listId)
            throws SigningFailedException {
        List<HeaderField> from = fields.named("from");
        if (from.size() == 1) {
            return false;
        }
        Originator.Several several = settings.compatibility().severalOriginators();
        List<Originator> authors = from.isEmpty()
                ? List.of(originators.deciding())
                : from.stream().map(field -> Originator.ofField(field, several)).toList();
        for (Originator author : authors) {
            if (policy.decide(Originators.all(author), listId) instanceof SigningPolicy.Decision.Sign) {
                return true;
            }
        }
        return false;
    }

    /**
     * A header that is not read: a rule for every message fails, unless it signs own authors only; any other rule is not for this
     * message.
     */
    private Stage unread(String reason) throws SigningFailedException {
        Originator unknown = new Originator.Unknown(reason, "");
        return switch (policy.decide(Originators.all(unknown), Optional.empty())) {
            case SigningPolicy.Decision.Leave leave -> left(leave, Optional.empty());
            case SigningPolicy.Decision.Sign sign -> throw SigningFailedException.permanent(reason);
        };
    }

    private Stage left(SigningPolicy.Decision.Leave leave, Optional<String> defect) {
        boolean mayHideOriginator = leave.cause() == SigningOutcome.Cause.UNKNOWN_ORIGINATOR && defect.isPresent();
        String reason = mayHideOriginator ? leave.reason() + ", and " + defect.get() : leave.reason();
        return new Stage.Decided(new SigningOutcome.Skipped(leave.cause(), reason, summary));
    }

    private void warnOfControls(SigningPass pass) {
        pass.withControls()
                .forEach(signature -> LOG.warn(
                        "{} has VT or FF in it, on which verifiers disagree (RFC 6376 section 2.8): the signature with"
                                + " s={} has c={}; {}",
                        signature.field(),
                        signature.selector(),
                        signature.method(),
                        summary.attributes()));
    }

    private static MessageSummary summarize(HeaderFields fields, Originator originator) {
        Optional<String> sender = Optional.empty();
        Optional<String> from = Optional.empty();
        if (originator instanceof Originator.Known known) {
            Optional<String> address = Optional.of(known.address().toString());
            sender = known.fromSender() ? address : sender;
            from = known.fromSender() ? from : address;
        }
        Optional<String> messageId = IdentificationFields.messageId(fields)
                .map(id -> id.length() > LONGEST_ID ? id.substring(0, LONGEST_ID) : id);
        return new MessageSummary(messageId, Optional.empty(), sender, from);
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
