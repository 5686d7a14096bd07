package org.dkimproxy.standalone.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.dkimproxy.signing.MessageSummary;
import org.dkimproxy.signing.SignatureField;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.SigningTransaction;

/** A signer whose messages all have one outcome, and that keeps what it was fed. */
public final class FakeSigner implements Supplier<SigningTransaction> {
    /** The only field of each. */
    public static final String FIELD = "DKIM-Signature: v=1; d=example.org";

    /** What the header of each message says. */
    public static final MessageSummary SUMMARY = new MessageSummary(
            Optional.of("1@example.org"), Optional.empty(), Optional.empty(), Optional.of("a@example.org"));

    /** A message signed with {@link #FIELD}. */
    public static final SigningOutcome SIGNED = new SigningOutcome.Signed(
            List.of(new SignatureField(FIELD, "rsa-sha256", "example.org", "s", "@example.org")), SUMMARY);

    private final Optional<SigningOutcome> outcome;
    private final int heldOctets;
    private final List<String> inputs = new CopyOnWriteArrayList<>();

    private FakeSigner(Optional<SigningOutcome> outcome, int heldOctets) {
        this.outcome = outcome;
        this.heldOctets = heldOctets;
    }

    /** A signer whose messages have this outcome. */
    public static FakeSigner of(SigningOutcome outcome) {
        return new FakeSigner(Optional.of(outcome), 0);
    }

    /** A signer that has a fault: it throws at the end of each message. */
    public static FakeSigner faulty() {
        return new FakeSigner(Optional.empty(), 0);
    }

    /** A signer each of whose headers takes this much memory. */
    public static FakeSigner holding(int octets) {
        return new FakeSigner(Optional.of(SIGNED), octets);
    }

    /** The messages that it was fed to their end, one char an octet. */
    public List<String> inputs() {
        return List.copyOf(inputs);
    }

    @Override
    public SigningTransaction get() {
        return new Message();
    }

    private final class Message implements SigningTransaction {
        private final ByteArrayOutputStream fed = new ByteArrayOutputStream();

        @Override
        public void update(byte[] buffer, int offset, int length) {
            fed.write(buffer, offset, length);
        }

        @Override
        public MessageSummary summary() {
            return SUMMARY;
        }

        @Override
        public int heldOctets() {
            return heldOctets;
        }

        @Override
        public Optional<SigningOutcome> decide(byte[] buffer, int offset, int length) {
            return Optional.empty();
        }

        @Override
        public Optional<SigningOutcome> decided() {
            return Optional.empty();
        }

        @Override
        public SigningOutcome finish() {
            inputs.add(fed.toString(StandardCharsets.ISO_8859_1));
            return outcome.orElseThrow(() -> new IllegalStateException("broken"));
        }
    }
}
