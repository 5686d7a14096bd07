package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.SigningTransaction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a message is cut into chunks, it gets the same signatures. */
class ChunkInvarianceIT {
    /** Messages up to this size are cut at every octet. To do that to larger ones would take hours. */
    private static final int CUT_EVERYWHERE = 8 * 1024;

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));

    @TempDir
    static Path folder;

    private static DkimSigner everyBody;
    private static DkimSigner domainKeys;

    @BeforeAll
    static void startSigners() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        Engine engine = Engine.configured().with("domain", "example.org");
        everyBody = engine.signing(
                        keys,
                        List.of(
                                SignatureKind.dkim("ed25519-sha256", "simple/simple"),
                                SignatureKind.dkim("ed25519-sha256", "relaxed/relaxed"),
                                SignatureKind.dkim("ed25519-sha256", "nowsp/nowsp")))
                .start(CLOCK);
        domainKeys = engine.signing(
                        keys, List.of(SignatureKind.domainKeys("simple"), SignatureKind.domainKeys("nofws")))
                .start(CLOCK);
    }

    @Test
    @Tag("long")
    void cut_at_every_octet_into_two_chunks() {
        MessageSet.signable().forEach(mail -> {
            byte[] message = mail.completed();
            assertSameAtCuts(everyBody, mail, message, cuts(message));
        });
    }

    @Test
    void cut_at_every_thirteenth_octet_into_two_chunks() {
        MessageSet.signable().forEach(mail -> {
            byte[] message = mail.completed();
            assertSameAtCuts(everyBody, mail, message, cuts(message).filter(cut -> cut % 13 == 0));
        });
    }

    @Test
    void domainkeys_cut_at_every_thirty_first_octet_into_two_chunks() {
        assertSameDomainKeys(31);
    }

    @Test
    @Tag("long")
    void domainkeys_cut_at_every_third_octet_into_two_chunks() {
        assertSameDomainKeys(3);
    }

    /** RSA is slow, so DomainKeys, whose digests see the same chunks in the same way, are not cut at each octet. */
    private static void assertSameDomainKeys(int step) {
        MessageSet.signable().stream()
                .filter(mail -> !mail.is(Mail.Trait.FOREIGN_AUTHOR))
                .forEach(mail -> {
                    byte[] message = mail.completed();
                    assertSameAtCuts(domainKeys, mail, message, cuts(message).filter(cut -> cut % step == 0));
                });
    }

    @Test
    void fed_one_octet_at_a_time() {
        MessageSet.signable().forEach(mail -> {
            byte[] message = mail.completed();
            SigningTransaction transaction = everyBody.begin();
            for (int i = 0; i < message.length; i++) {
                transaction.update(message, i, 1);
            }
            assertThat(header(transaction.finish())).as(mail.name()).isEqualTo(header(everyBody.sign(message)));
        });
    }

    private static IntStream cuts(byte[] message) {
        int size = message.length;
        if (size <= CUT_EVERYWHERE) {
            return IntStream.rangeClosed(0, size);
        }
        IntStream ends = IntStream.concat(IntStream.range(0, 600), IntStream.rangeClosed(size - 100, size));
        int step = Math.max(1, size / 50);
        return IntStream.concat(ends, IntStream.iterate(600, cut -> cut < size - 100, cut -> cut + step));
    }

    private static void assertSameAtCuts(DkimSigner signer, Mail mail, byte[] message, IntStream cuts) {
        byte[] whole = header(signer.sign(message));
        cuts.parallel().forEach(cut -> {
            SigningTransaction transaction = signer.begin();
            transaction.update(message, 0, cut);
            transaction.update(message, cut, message.length - cut);
            assertThat(header(transaction.finish()))
                    .as("%s cut at %d", mail.name(), cut)
                    .isEqualTo(whole);
        });
    }

    private static byte[] header(SigningOutcome outcome) {
        assertThat(outcome).isInstanceOf(SigningOutcome.Signed.class);
        return ((SigningOutcome.Signed) outcome).header();
    }
}
