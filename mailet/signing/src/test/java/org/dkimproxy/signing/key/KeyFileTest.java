package org.dkimproxy.signing.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.log.CapturingLogProvider;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyFileTest {
    private static final TrustedUsers TRUSTED = TrustedUsers.ofThisProcess();

    private static final String OTHER_SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

    private KeyPair rsa;
    private KeyPair otherRsa;

    @TempDir
    private Path everyTest;

    private Path file;
    private int age;

    @BeforeAll
    void makeKeys() {
        rsa = PrivateKeys.newRsa(1024);
        otherRsa = PrivateKeys.newRsa(2048);
    }

    @BeforeEach
    void chooseFile() throws IOException {
        file = Files.createTempDirectory(everyTest, "keys").resolve("mail.pem");
        age = 1000;
    }

    @Test
    void an_old_file_is_read_once() throws Exception {
        write(TestKeys.ed25519());
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        assertThat(keyFile.current()).isSameAs(keyFile.current());
        assertThat(keyFile.path()).isEqualTo(file);
    }

    @Test
    void a_replaced_file_gives_the_next_message_its_key() throws Exception {
        write(TestKeys.pkcs1(rsa.getPrivate()));
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        SigningKey first = keyFile.current();
        write(PrivateKeys.pkcs8(otherRsa.getPrivate()));
        assertThat(keyFile.current().description()).isEqualTo("RSA key of 2048 bits");
        assertThat(keyFile.current()).isNotEqualTo(first).isSameAs(keyFile.current());
        assertThat(log()).containsExactly("INFO key file " + file + " was replaced: RSA key of 2048 bits in use");
    }

    @Test
    void a_settled_file_is_looked_at_again_after_a_hundredth_of_a_second() throws Exception {
        write(TestKeys.ed25519());
        InstantSource tomorrow = InstantSource.offset(InstantSource.system(), Duration.ofDays(1));
        KeyFile keyFile =
                KeyFile.open(file, Optional.empty(), TRUSTED, new KeyFileReader(file, Optional.empty()), tomorrow);
        SigningKey first = keyFile.current();
        assertThat(keyFile.current()).isSameAs(first);
        write(TestKeys.ed25519(OTHER_SEED));
        assertThat(keyFile.current()).isNotSameAs(first);
    }

    /** A file system's clock may tick too slowly to tell two writes apart. */
    @Test
    void a_file_just_written_is_read_again_though_it_looks_the_same() throws Exception {
        FileTime now = FileTime.from(Instant.now().plusMillis(900));
        Files.writeString(file, TestKeys.ed25519());
        Files.setLastModifiedTime(file, now);
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        SigningKey first = keyFile.current();
        Files.writeString(file, TestKeys.ed25519(OTHER_SEED));
        Files.setLastModifiedTime(file, now);
        assertThat(keyFile.current().publishedKey()).isNotEqualTo(first.publishedKey());
    }

    @Test
    void a_broken_file_keeps_the_key_before_it_and_is_told_once() throws Exception {
        write(TestKeys.ed25519());
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        SigningKey first = keyFile.current();
        write("");
        for (int i = 0; i < 3; i++) {
            assertThat(keyFile.current()).isSameAs(first);
        }
        assertThat(log())
                .containsExactly("WARN key file " + file + ": found no private key, expected a PEM file with an RSA or"
                        + " Ed25519 private key; the previous key stays in use");
        assertThat(keyFile.failure())
                .contains("key file " + file
                        + ": found no private key, expected a PEM file with an RSA or Ed25519 private key");
        write(TestKeys.ed25519(OTHER_SEED));
        assertThat(keyFile.current()).isNotSameAs(first);
        assertThat(keyFile.failure()).isEmpty();
        assertThat(log()).hasSize(2).last().isEqualTo("INFO key file " + file + " was replaced: Ed25519 key in use");
    }

    /** A file this young is read at each look, so that its replacement may be read under the stamp of the file before it. */
    @Test
    void a_file_that_broke_between_the_look_and_the_reading_is_told_once() throws Exception {
        write(TestKeys.ed25519());
        Instant justWritten = ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
        Path broken = Files.writeString(file.resolveSibling("broken.pem"), "");
        KeyFileReader reader = changingAtSecondReading(() -> Files.move(broken, file, StandardCopyOption.ATOMIC_MOVE));
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED, reader, () -> justWritten);
        SigningKey first = keyFile.lastRead();
        for (int i = 0; i < 3; i++) {
            assertThat(keyFile.current()).isSameAs(first);
        }
        assertThat(log())
                .containsExactly("WARN key file " + file + ": found no private key, expected a PEM file with an RSA or"
                        + " Ed25519 private key; the previous key stays in use");
    }

    @Test
    void a_file_that_vanished_between_the_look_and_the_reading_is_told_once() throws Exception {
        write(TestKeys.ed25519());
        Instant justWritten = ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
        KeyFile keyFile = KeyFile.open(
                file, Optional.empty(), TRUSTED, changingAtSecondReading(() -> Files.delete(file)), () -> justWritten);
        SigningKey first = keyFile.lastRead();
        for (int i = 0; i < 3; i++) {
            assertThat(keyFile.current()).isSameAs(first);
        }
        assertThat(log())
                .containsExactly("WARN cannot read key file " + file
                        + ": No such file or directory; the previous key stays in use");
    }

    @Test
    void a_missing_file_keeps_the_key_before_it_and_is_told_once() throws Exception {
        write(TestKeys.ed25519());
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        SigningKey first = keyFile.current();
        Files.delete(file);
        for (int i = 0; i < 3; i++) {
            assertThat(keyFile.current()).isSameAs(first);
        }
        assertThat(log())
                .containsExactly("WARN cannot read key file " + file
                        + ": No such file or directory; the previous key stays in use");
        write(TestKeys.ed25519(OTHER_SEED));
        assertThat(keyFile.current()).isNotSameAs(first);
    }

    @Test
    void a_key_of_another_kind_is_not_used_since_the_algorithm_was_settled_at_the_start() throws Exception {
        write(TestKeys.ed25519());
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        write(TestKeys.pkcs1(rsa.getPrivate()));
        assertThat(keyFile.current().description()).isEqualTo("Ed25519 key");
        assertThat(keyFile.current().description()).isEqualTo("Ed25519 key");
        assertThat(log())
                .containsExactly("WARN key file " + file + ": found an RSA key of 1024 bits, expected an Ed25519 key as"
                        + " before; the previous key stays in use");
    }

    /** chmod and chown change neither time nor size: a file that could not be read must be tried again. */
    @Test
    void a_file_that_could_not_be_read_is_tried_again_though_it_looks_the_same() throws Exception {
        Path passphrase = file.resolveSibling("passphrase");
        Files.writeString(passphrase, "old\n");
        write(TestKeys.encrypted(rsa.getPrivate(), "old"));
        KeyFile keyFile = KeyFile.open(file, Optional.of(passphrase), TRUSTED);
        write(TestKeys.encrypted(otherRsa.getPrivate(), "new"));
        assertThat(keyFile.current().description()).isEqualTo("RSA key of 1024 bits");
        assertThat(keyFile.current().description()).isEqualTo("RSA key of 1024 bits");
        Files.writeString(passphrase, "new\n");
        assertThat(keyFile.current().description()).isEqualTo("RSA key of 2048 bits");
        assertThat(keyFile.current()).isSameAs(keyFile.current());
        assertThat(log())
                .containsExactly(
                        "WARN key file " + file + ": found an encrypted private key that the passphrase does not open,"
                                + " expected its passphrase in the first line of the file named by"
                                + " key_passphrase_file; the previous key stays in use",
                        "INFO key file " + file + " was replaced: RSA key of 2048 bits in use");
    }

    @Test
    void a_key_that_was_just_written_is_read_for_each_message_but_decrypted_once() throws Exception {
        Path passphrase = writePassphrase("secret\n");
        write(TestKeys.encrypted(rsa.getPrivate(), "secret"));
        CountingReader reader = new CountingReader(file, passphrase);
        KeyFile keyFile = KeyFile.open(file, Optional.of(passphrase), TRUSTED, reader, InstantSource.system());
        SigningKey first = keyFile.current();
        assertThat(keyFile.current()).isSameAs(first);
        assertThat(keyFile.current()).isSameAs(first);
        assertThat(reader.readings).hasValue(4);
        assertThat(reader.decryptions).hasValue(1);
    }

    @Test
    void a_key_that_cannot_be_opened_is_tried_once_a_second_and_decrypted_once() throws Exception {
        Path passphrase = writePassphrase("old\n");
        write(TestKeys.encrypted(rsa.getPrivate(), "old"));
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now().plusSeconds(1000));
        CountingReader reader = new CountingReader(file, passphrase);
        KeyFile keyFile = KeyFile.open(file, Optional.of(passphrase), TRUSTED, reader, now::get);
        SigningKey first = keyFile.current();
        assertThat(reader.readings).hasValue(1);

        write(TestKeys.encrypted(otherRsa.getPrivate(), "new"));
        for (int i = 0; i < 10; i++) {
            assertThat(keyFile.current()).isSameAs(first);
        }
        assertThat(reader.readings).hasValue(2);
        for (int second = 1; second <= 3; second++) {
            now.set(now.get().plusSeconds(1));
            for (int i = 0; i < 10; i++) {
                assertThat(keyFile.current()).isSameAs(first);
            }
            assertThat(reader.readings).hasValue(2 + second);
        }
        assertThat(reader.decryptions).hasValue(2);

        writePassphrase("new passphrase of another length, which is wrong\n");
        for (int i = 0; i < 10; i++) {
            assertThat(keyFile.current()).isSameAs(first);
        }
        assertThat(reader.decryptions).hasValue(3);
        writePassphrase("new\n");
        assertThat(keyFile.current().description()).isEqualTo("RSA key of 2048 bits");
        assertThat(reader.decryptions).hasValue(4);
        assertThat(log()).hasSize(3).last().asString().startsWith("INFO");
    }

    @Test
    void nobody_waits_while_a_key_that_cannot_be_read_is_tried_again() throws Exception {
        write(TestKeys.ed25519());
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now().plusSeconds(1000));
        CountingReader reader = new CountingReader(file, file);
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED, reader, now::get);
        SigningKey first = keyFile.current();
        write("broken");
        assertThat(keyFile.current()).isSameAs(first);
        now.set(now.get().plusSeconds(1));
        CountDownLatch mayGoOn = reader.hold();
        Thread another = Thread.ofPlatform().start(keyFile::current);
        while (reader.readings.get() < 3) {
            Thread.onSpinWait();
        }
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), keyFile::current))
                .isSameAs(first);
        mayGoOn.countDown();
        another.join();
    }

    @Test
    void a_file_with_the_same_octets_is_no_replacement() throws Exception {
        write(TestKeys.ed25519());
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        SigningKey first = keyFile.current();
        write(TestKeys.ed25519());
        assertThat(keyFile.current()).isSameAs(first);
        assertThat(log()).isEmpty();
    }

    @Test
    void a_replacement_that_is_weak_or_that_everyone_can_read_is_warned_of_once() throws Exception {
        write(PrivateKeys.pkcs8(otherRsa.getPrivate()));
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        write(PrivateKeys.pkcs8(rsa.getPrivate()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(keyFile.current()).isSameAs(keyFile.current());
        assertThat(log())
                .containsExactly(
                        "INFO key file " + file + " was replaced: RSA key of 1024 bits in use",
                        "WARN key file " + file
                                + ": found an RSA key of 1024 bits, expected 2048 bits or more (RFC 8301"
                                + " section 3.2)",
                        "WARN key file " + file + ": found a file that everyone can read (rw-r--r--), expected one that"
                                + " only its owner and group can read");
    }

    @Test
    void a_key_that_everyone_may_read_from_now_on_is_warned_of() throws Exception {
        write(TestKeys.ed25519());
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(keyFile.current()).isSameAs(keyFile.current());
        assertThat(log()).singleElement().asString().startsWith("WARN").contains("everyone can read (rw-r--r--)");
    }

    @Test
    void a_replacement_that_everyone_can_write_to_is_warned_of_once() throws Exception {
        write(TestKeys.ed25519());
        KeyFile keyFile = KeyFile.open(file, Optional.empty(), TRUSTED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-----w-"));
        assertThat(keyFile.current()).isSameAs(keyFile.current());
        assertThat(log())
                .containsExactly(
                        "WARN found key file " + file + " that everyone can write to (rw-----w-), expected a file"
                                + " that only root and the user of this program can change: chmod o-w " + file);
    }

    @Test
    void what_cannot_be_opened_at_the_start_is_told() throws Exception {
        assertThatThrownBy(() -> KeyFile.open(file, Optional.empty(), TRUSTED))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessage("cannot read key file " + file + ": No such file or directory");
        assertThatThrownBy(() -> KeyFile.open(everyTest, Optional.empty(), TRUSTED))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessage("cannot read key file " + everyTest + ": Is a directory");
        write(TestKeys.encrypted(rsa.getPrivate(), "x"));
        Path passphrase = file.resolveSibling("none");
        assertThatThrownBy(() -> KeyFile.open(file, Optional.of(passphrase), TRUSTED))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessage("cannot read key_passphrase_file " + passphrase + ": No such file or directory");
        write("x".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> KeyFile.open(file, Optional.empty(), TRUSTED))
                .hasMessage("cannot read key file " + file + ": it is larger than 1048576 bytes");
    }

    @Test
    void a_passphrase_is_the_first_line_of_its_file() throws Exception {
        write(TestKeys.encrypted(rsa.getPrivate(), "p\u00e4ss w\u00f6rd "));
        Path passphrase = file.resolveSibling("passphrase");
        for (String content :
                List.of("p\u00e4ss w\u00f6rd ", "p\u00e4ss w\u00f6rd \n", "p\u00e4ss w\u00f6rd \r\nmore\n")) {
            Files.writeString(passphrase, content, UTF_8);
            assertThat(KeyFile.open(file, Optional.of(passphrase), TRUSTED)
                            .current()
                            .description())
                    .isEqualTo("RSA key of 1024 bits");
        }
    }

    /** Each version of the file has a time of its own, long past, so that none is read again for its youth. */
    private void write(String content) throws IOException, InterruptedException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000 - age--)));
        // a settled file is not looked at for ten milliseconds
        Thread.sleep(20);
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private KeyFileReader changingAtSecondReading(Change change) {
        return new KeyFileReader(file, Optional.empty()) {
            private int readings;

            @Override
            Contents read() throws UnusableKeyException {
                readings++;
                if (readings == 2) {
                    try {
                        change.make();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                return super.read();
            }
        };
    }

    private List<String> log() {
        return CapturingLogProvider.linesWith(file.toString());
    }

    private Path writePassphrase(String content) throws IOException {
        return Files.writeString(file.resolveSibling("passphrase"), content);
    }

    /** Counts how often the file is read, and how often the key in it is made of it. */
    private static final class CountingReader extends KeyFileReader {
        private final AtomicInteger readings = new AtomicInteger();
        private final AtomicInteger decryptions = new AtomicInteger();
        private volatile CountDownLatch mayGoOn = new CountDownLatch(0);

        CountingReader(Path path, Path passphraseFile) {
            super(path, Optional.of(passphraseFile));
        }

        CountDownLatch hold() {
            mayGoOn = new CountDownLatch(1);
            return mayGoOn;
        }

        @Override
        Contents read() throws UnusableKeyException {
            readings.incrementAndGet();
            try {
                assertThat(mayGoOn.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.read();
        }

        @Override
        SigningKey open(Contents contents) throws UnusableKeyException {
            decryptions.incrementAndGet();
            return super.open(contents);
        }
    }
}
