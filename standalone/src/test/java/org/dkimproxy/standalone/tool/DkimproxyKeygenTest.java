package org.dkimproxy.standalone.tool;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.jdkim.DKIMVerifier;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.config.SigningOptions;
import org.dkimproxy.signing.key.PemKeyParser;
import org.dkimproxy.signing.key.SignatureMaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DkimproxyKeygenTest {
    private static final String MESSAGE = "From: a@example.org\r\nSubject: s\r\n\r\nbody\r\n";
    /** Base64 of the SubjectPublicKeyInfo header of an Ed25519 key (RFC 8410). */
    private static final byte[] ED25519_INFO = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private static final int ATTEMPTS = 300;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"1024", "2048", "4096"})
    void record_verifies_what_the_new_rsa_key_signs(String bits) throws Exception {
        Run run = run("--domain=example.org", "--selector=s1", "--bits=" + bits, "--out=" + directory);

        assertThat(run.code).isZero();
        assertThat(run.out).isEqualTo(Files.readString(file("s1._domainkey.example.org.txt")));
        assertThat(run.out).startsWith("s1._domainkey.example.org. IN TXT \"v=DKIM1; k=rsa; p=");
        DkimSigner signer = signer(file("s1._domainkey.example.org.key"));
        byte[] header = ((SigningOutcome.Signed) signer.sign(MESSAGE.getBytes(US_ASCII))).header();
        String signed = new String(header, US_ASCII) + MESSAGE;
        String record = recordText(run.out);
        assertThat(new DKIMVerifier((_, _, _) -> List.of(record))
                        .verify(new ByteArrayInputStream(signed.getBytes(US_ASCII))))
                .hasSize(1);
    }

    @Test
    void record_verifies_what_the_new_ed25519_key_signs() throws Exception {
        Run run = run("--domain=example.org", "--selector=e", "--type=ed25519", "--out=" + directory);

        assertThat(run.code).isZero();
        byte[] octets = "header".getBytes(US_ASCII);
        SignatureMaker maker = PemKeyParser.read(
                        Files.readAllBytes(file("e._domainkey.example.org.key")), Optional.empty())
                .begin(Algorithm.ED25519_SHA256);
        maker.write(octets, 0, octets.length);
        String record = recordText(run.out);
        assertThat(record).startsWith("v=DKIM1; k=ed25519; p=");
        byte[] point = Base64.getDecoder().decode(record.substring(record.indexOf("p=") + 2));
        assertThat(point).hasSize(32);
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.write(ED25519_INFO);
        info.write(point);
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info.toByteArray())));
        verifier.update(MessageDigest.getInstance("SHA-256").digest(octets));
        assertThat(verifier.verify(maker.sign())).isTrue();
    }

    @Test
    void strings_of_the_record_have_255_octets_at_most() {
        Run run = run("--domain=example.org", "--selector=s", "--bits=4096", "--out=" + directory);

        assertThat(strings(run.out)).hasSizeGreaterThan(2).allMatch(text -> text.length() <= 255);
        assertThat(strings(run.out).getFirst()).hasSize(255);
        assertThat(ZoneLine.of("n", "x".repeat(510)))
                .isEqualTo("n. IN TXT \"" + "x".repeat(255) + "\" \"" + "x".repeat(255) + "\"");
    }

    @Test
    void only_the_owner_can_read_the_key_which_is_pkcs8() throws IOException {
        run("--domain=example.org", "--selector=s", "--out=" + directory);

        Path key = file("s._domainkey.example.org.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(key))
                .startsWith("-----BEGIN PRIVATE KEY-----\n")
                .endsWith("\n-----END PRIVATE KEY-----\n");
        assertThat(listing()).containsExactly("s._domainkey.example.org.key", "s._domainkey.example.org.txt");
    }

    @Test
    void a_group_that_is_named_may_read_the_key_as_well() throws IOException {
        int own = (Integer) Files.getAttribute(directory, "unix:gid");
        Run run = run("--domain=example.org", "--selector=s", "--group=" + own, "--out=" + directory);

        assertThat(run.code).isZero();
        Path key = file("s._domainkey.example.org.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-r-----");
        assertThat(Files.getAttribute(key, "unix:gid")).isEqualTo(own);
        assertThat(listing()).containsExactly("s._domainkey.example.org.key", "s._domainkey.example.org.txt");
    }

    @Test
    void a_group_that_does_not_exist_is_wrong_usage_and_leaves_nothing() throws IOException {
        Run run = run("--domain=example.org", "--selector=s", "--group=no-such-group", "--out=" + directory);

        assertThat(run.code).isEqualTo(2);
        assertThat(run.err).startsWith("Error: --group: found \"no-such-group\", expected a group of this system\n");
        assertThat(listing()).isEmpty();
    }

    @Test
    void key_is_never_printed() throws IOException {
        Run run = run("--domain=example.org", "--selector=s", "--out=" + directory);

        for (String line : Files.readAllLines(file("s._domainkey.example.org.key"))) {
            assertThat(run.out + run.err).doesNotContain(line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".key", ".txt"})
    void file_that_is_there_stays_as_it_is(String suffix) throws IOException {
        Path taken = Files.writeString(file("s._domainkey.example.org" + suffix), "precious");
        Run run = run("--domain=example.org", "--selector=s", "--out=" + directory);

        assertThat(run.code).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err).isEqualTo("Error: " + taken + " is there already; it was left as it is\n");
        assertThat(taken).hasContent("precious");
        assertThat(listing()).containsExactly(String.valueOf(taken.getFileName()));
    }

    @Test
    void file_that_appears_meanwhile_stays_as_it_is() throws IOException {
        Path taken = Files.writeString(file("key"), "precious");

        assertThat(catchThrowable(() -> NewFile.write(taken, "new".getBytes(US_ASCII), 0600, OptionalInt.empty())))
                .isInstanceOf(IOException.class)
                .hasMessage(taken + " is there already; it was left as it is");
        assertThat(taken).hasContent("precious");
        assertThat(listing()).containsExactly("key");
    }

    /** Whoever can write to the directory puts a link to a file of root's in the place of the new file, as fast as he can. */
    @Test
    void what_is_put_in_its_place_meanwhile_is_neither_written_nor_given_away() throws Exception {
        Path precious = Files.writeString(directory.resolve("precious"), "precious");
        Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rw-------"));
        Path keys = Files.createDirectory(directory.resolve("keys"));
        int group = (Integer) Files.getAttribute(directory, "unix:gid");
        AtomicBoolean ends = new AtomicBoolean();
        Thread attacker = Thread.ofPlatform().start(() -> {
            while (!ends.get()) {
                exchange(keys, precious);
            }
        });
        try {
            for (int i = 0; i < ATTEMPTS; i++) {
                Path key = keys.resolve("key" + i);
                NewFile.write(key, "secret".getBytes(US_ASCII), 0640, OptionalInt.of(group));
                assertThat(key).hasContent("secret");
                assertThat(Files.getAttribute(key, "unix:ino")).isNotEqualTo(Files.getAttribute(precious, "unix:ino"));
            }
        } finally {
            ends.set(true);
            attacker.join();
        }

        assertThat(precious).hasContent("precious");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(precious)))
                .isEqualTo("rw-------");
    }

    private static void exchange(Path keys, Path precious) {
        try (DirectoryStream<Path> partial = Files.newDirectoryStream(keys, ".dkimproxy-keygen-*")) {
            for (Path file : partial) {
                if (!Files.isSameFile(file, precious)) {
                    Path link = keys.resolve("link");
                    Files.deleteIfExists(link);
                    Files.createLink(link, precious);
                    Files.move(file, keys.resolve("stolen" + file.getFileName()));
                    Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        } catch (IOException tooLate) {
            // the next one, then
        }
    }

    @Test
    void dangling_link_is_not_followed() throws IOException {
        Files.createSymbolicLink(file("s._domainkey.example.org.key"), file("elsewhere"));

        assertThat(run("--domain=example.org", "--selector=s", "--out=" + directory).code)
                .isEqualTo(1);
        assertThat(file("elsewhere")).doesNotExist();
    }

    @Test
    void weak_key_is_warned_about() {
        assertThat(run("--domain=example.org", "--selector=s", "--bits=1536", "--out=" + directory).err)
                .startsWith("warning: 1536 bits are few for an RSA key; use 2048 or more (RFC 8301 section 3.2)\n");
        assertThat(run("--domain=example.org", "--selector=t", "--out=" + directory).err)
                .doesNotContain("warning");
    }

    @Test
    void u_labels_become_a_labels() {
        Run run = run("--domain=b\u00fccher.example", "--selector=\u00fc", "--type=ed25519", "--out=" + directory);

        assertThat(run.out).startsWith("xn--tda._domainkey.xn--bcher-kva.example. IN TXT ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--selector=s --out=DIR                           | --domain is missing",
                "--domain=example.org --out=DIR                   | --selector is missing",
                "--domain=example.org --selector=s                | --out is missing",
                "--domain=example.org --selector=s --out=/missing | --out: \"/missing\" is no directory",
                "--domain=../x --selector=s --out=DIR             | --domain: found \"../x\", expected labels of letters,"
                        + " digits and hyphens with dots between, no dot at the end",
                "--domain=a..b --selector=s --out=DIR             | --domain: found \"a..b\", expected labels of letters,"
                        + " digits and hyphens with dots between, no dot at the end",
                "--domain=example.org. --selector=s --out=DIR     | --domain: found \"example.org.\", expected labels of"
                        + " letters, digits and hyphens with dots between, no dot at the end",
                "--domain=example.org --selector=a/b --out=DIR    | --selector: found \"a/b\", expected labels of"
                        + " letters, digits and hyphens with dots between, no dot at the end",
                "--domain=example.org --selector=s --type=dsa --out=DIR | --type: found \"dsa\", expected rsa or ed25519",
                "--domain=example.org --selector=s --bits=1023 --out=DIR | --bits: found \"1023\", expected a number from"
                        + " 1024 to 4096 (RFC 8301 section 3.2)",
                "--domain=example.org --selector=s --bits=4097 --out=DIR | --bits: found \"4097\", expected a number from"
                        + " 1024 to 4096 (RFC 8301 section 3.2)",
                "--domain=example.org --selector=s --bits=2k --out=DIR | --bits: found \"2k\", expected a number from"
                        + " 1024 to 4096 (RFC 8301 section 3.2)",
                "--domain=example.org --selector=s --type=ed25519 --bits=2048 --out=DIR | --bits is for RSA keys; all"
                        + " Ed25519 keys have 256 bits",
                "--domain=example.org --selector=s --out=DIR more | unexpected argument \"more\"",
                "--domian=example.org                             | unknown option \"--domian\"; did you mean --domain?",
            })
    void wrong_usage(String words, String error) throws IOException {
        Run run = run(words.replace("DIR", directory.toString()).split(" "));

        assertThat(run.err).isEqualTo("Error: " + error + "\nFor the options, see --help.\n");
        assertThat(run.code).isEqualTo(2);
        assertThat(run.out).isEmpty();
        assertThat(listing()).isEmpty();
    }

    @Test
    void record_name_that_is_too_long_is_refused() {
        String domain = "a.".repeat(120) + "example";
        Run run = run("--domain=" + domain, "--selector=s", "--out=" + directory);

        assertThat(run.code).isEqualTo(2);
        assertThat(run.err).contains(" has 260 characters; the DNS allows 253\n");
    }

    @Test
    void help_names_every_option_and_nothing_else() {
        Run run = run("--help");

        assertThat(run.code).isZero();
        assertThat(run.err).isEmpty();
        assertThat(run.out)
                .startsWith("Usage: dkimproxy-keygen ")
                .contains(
                        "\nTool:\n", "--domain=NAME", "--selector=NAME", "--type=rsa|ed25519", "--bits=COUNT", "--out=")
                .doesNotContain("SMTP", "conf file");
    }

    private record Run(int code, String out, String err) {}

    private static Run run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new DkimproxyKeygen(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
                .run(List.of(words));
        return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private List<String> listing() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> strings(String line) {
        return Pattern.compile("\"([^\"]*)\"")
                .matcher(line)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static String recordText(String line) {
        return strings(line).stream().collect(Collectors.joining());
    }

    private static DkimSigner signer(Path key) {
        List<ConfOption> options = Stream.of("domain=example.org", "selector=s1", "keyfile=" + key)
                .map(text -> SourceText.of("test", text))
                .map(text -> {
                    int equals = text.text().indexOf('=');
                    return new ConfOption(
                            text.text().substring(0, equals),
                            text,
                            text.part(equals + 1, text.text().length()));
                })
                .toList();
        return DkimSigner.create(SigningOptions.read(options, FileSource.PLAIN).value())
                .value()
                .orElseThrow();
    }
}
