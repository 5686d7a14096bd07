package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.SigningOptions;
import org.dkimproxy.signing.key.TestKeys;
import org.dkimproxy.testkit.PrivateKeys;

/** A folder with keys and maps, and signers from the text of a conf file. */
public final class Workbench {
    /** The time of every signature made here. */
    static final long NOW = 1_700_000_000;

    private final Path folder;

    /** Writes {@code ed.pem} and {@code rsa.pem}, of 1024 bits since few bits sign fast. */
    public Workbench(Path folder) {
        this.folder = folder;
        write("ed.pem", TestKeys.ed25519());
        write("rsa.pem", PrivateKeys.pkcs8(PrivateKeys.newRsa(1024).getPrivate()));
    }

    public Path path(String name) {
        return folder.resolve(name);
    }

    /** Writes a file that only its owner can read. */
    public Workbench write(String name, String content) {
        try {
            Files.writeString(path(name), content, UTF_8);
            Files.setPosixFilePermissions(path(name), PosixFilePermissions.fromString("rw-------"));
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Options in the lines of a conf file, whose relative names lie in the folder. */
    Parsed<SignerSettings> settings(String conf) {
        Parsed<List<ConfOption>> options = ConfFile.parse(
                "conf",
                conf.getBytes(UTF_8),
                OptionTable.of(SigningOptions.GROUP).names());
        return SigningOptions.read(options.value(), folder::resolve);
    }

    /** All that is told about a configuration, a line each, the folder written as {@code DIR}. */
    public List<String> problems(String conf) {
        Parsed<SignerSettings> settings = settings(conf);
        List<Problem> problems = settings.hasErrors()
                ? settings.problems()
                : java.util.stream.Stream.concat(
                                settings.problems().stream(), DkimSigner.create(settings.value()).problems().stream())
                        .toList();
        return problems.stream()
                .map(problem -> problem.summary().replace(folder.toString(), "DIR"))
                .toList();
    }

    public DkimSigner signer(String conf) {
        return signer(conf, SignerSettings.DEFAULT_MAX_HEADER_BYTES);
    }

    DkimSigner signer(String conf, int maxHeaderBytes) {
        SignerSettings read = settings(conf).value();
        SignerSettings settings = new SignerSettings(
                read.listIdMap(),
                read.senderMap(),
                read.domains(),
                read.signatures(),
                read.defaults(),
                read.originator(),
                read.oversigning(),
                read.compatibility(),
                maxHeaderBytes,
                read.files(),
                read.trusted(),
                read.mapEntries(),
                () -> Instant.ofEpochSecond(NOW));
        Parsed<Optional<DkimSigner>> signer = DkimSigner.create(settings);
        return signer.value().orElseThrow(() -> new AssertionError(signer.problems()));
    }

    /** Signs a message whose lines end in LF and whose characters are octets. */
    static SigningOutcome sign(DkimSigner signer, String message) {
        return signer.sign(message.replace("\n", "\r\n").getBytes(ISO_8859_1));
    }

    /** The signature fields, unfolded and without h=, bh= and b=; or why there are none. */
    static String shown(SigningOutcome outcome) {
        return switch (outcome) {
            case SigningOutcome.Signed signed ->
                signed.fields().stream()
                        .map(field -> field.text()
                                .replace("\r\n\t", "")
                                .replaceAll("; (h|bh|b)=[^;]*", "")
                                .replaceAll("Signature: ", ""))
                        .collect(java.util.stream.Collectors.joining(" + "));
            case SigningOutcome.Skipped skipped -> "skipped: " + skipped.reason();
            case SigningOutcome.Failed failed -> failed.kind() + ": " + failed.reason();
        };
    }
}
