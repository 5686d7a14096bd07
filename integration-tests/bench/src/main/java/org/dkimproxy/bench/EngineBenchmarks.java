package org.dkimproxy.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.concurrent.TimeUnit;
import org.apache.james.jdkim.DKIMSigner;
import org.apache.james.jdkim.exceptions.FailException;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.testkit.PrivateKeys;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The engine, and beside it what it cannot do without: the provider's RSA signature and the digest. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EngineBenchmarks {
    private static final int LENGTH_OF_SIGNED_FIELDS = 600;

    /** A message. */
    @State(Scope.Benchmark)
    public static class Message {
        /** Its size in octets. */
        @Param({"2048", "51200", "10485760"})
        public int octets;

        byte[] content = {};

        /** Writes it. */
        @Setup
        public void write() {
            content = Messages.ofSize(octets);
        }
    }

    /** A large message of which much has to be changed. */
    @State(Scope.Benchmark)
    public static class RaggedMessage {
        /** Its size in octets. */
        @Param("10485760")
        public int octets;

        byte[] content = {};

        /** Writes it. */
        @Setup
        public void write() {
            content = Messages.raggedOfSize(octets);
        }
    }

    /** A message with many fields. */
    @State(Scope.Benchmark)
    public static class ManyFields {
        /** How many. */
        @Param("10")
        public int fields;

        byte[] content = {};

        /** Writes it. */
        @Setup
        public void write() {
            content = Messages.ofFields(fields);
        }
    }

    /** Keys in files, and all that signs with them. */
    @State(Scope.Benchmark)
    public static class Workshop {
        private final Path folder;
        private final DkimSigner one;
        private final DkimSigner two;
        private final DKIMSigner jdkim;
        private final Signature raw;
        private final MessageDigest digest;

        /** Makes the keys. */
        public Workshop() {
            try {
                folder = Files.createTempDirectory("dkimproxy-bench");
                PrivateKey key = PrivateKeys.newRsa().getPrivate();
                Path rsa = PrivateKeys.write(folder.resolve("rsa.pem"), key);
                Path ed25519 = PrivateKeys.writeNewEd25519(folder.resolve("ed25519.pem"));
                one = Signers.of(Signers.rsa(rsa));
                two = Signers.of(Signers.rsa(rsa), Signers.ed25519(ed25519));
                jdkim = new DKIMSigner(
                        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=rsa;"
                                + " h=from:to:subject:date:message-id:mime-version:content-type:content-transfer-encoding;"
                                + " bh=; b=;",
                        key);
                raw = rawRsa(key);
                digest = MessageDigest.getInstance("SHA-256");
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The keys are of no use any more. */
        @TearDown
        public void remove() throws IOException {
            for (String name : new String[] {"rsa.pem", "ed25519.pem"}) {
                Files.delete(folder.resolve(name));
            }
            Files.delete(folder);
        }

        /** The provider that the engine prefers, used as fast as it can be: one object, one key. */
        private static Signature rawRsa(PrivateKey key) throws GeneralSecurityException {
            AmazonCorrettoCryptoProvider accp = AmazonCorrettoCryptoProvider.INSTANCE;
            Provider provider = accp.getLoadingError() == null ? accp : Security.getProvider("SunRsaSign");
            PrivateKey own =
                    KeyFactory.getInstance("RSA", provider).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
            Signature signature = Signature.getInstance("SHA256withRSA", provider);
            signature.initSign(own);
            return signature;
        }
    }

    /** One RSA signature over as many octets as signed header fields have. */
    @Benchmark
    public byte[] rawRsa(Workshop workshop, Message message) throws GeneralSecurityException {
        workshop.raw.update(message.content, 0, LENGTH_OF_SIGNED_FIELDS);
        return workshop.raw.sign();
    }

    /** The digest of the message. */
    @Benchmark
    public byte[] rawSha256(Workshop workshop, Message message) {
        return workshop.digest.digest(message.content);
    }

    /** One signature with RSA. */
    @Benchmark
    public SigningOutcome engine(Workshop workshop, Message message) {
        return signed(workshop.one.sign(message.content));
    }

    /** The same of a message with much white space to change. */
    @Benchmark
    public SigningOutcome engineRagged(Workshop workshop, RaggedMessage message) {
        return signed(workshop.one.sign(message.content));
    }

    /** Two signatures, with RSA and Ed25519. */
    @Benchmark
    public SigningOutcome engineTwice(Workshop workshop, Message message) {
        return signed(workshop.two.sign(message.content));
    }

    /** One signature with RSA, for the growth by fields. */
    @Benchmark
    public SigningOutcome engineFields(Workshop workshop, ManyFields message) {
        return signed(workshop.one.sign(message.content));
    }

    /** What James's own mailet uses. */
    @Benchmark
    public String jdkim(Workshop workshop, Message message) throws IOException, FailException {
        return workshop.jdkim.sign(new ByteArrayInputStream(message.content));
    }

    private static SigningOutcome signed(SigningOutcome outcome) {
        if (outcome instanceof SigningOutcome.Signed) {
            return outcome;
        }
        throw new IllegalStateException("not signed: " + outcome);
    }
}
