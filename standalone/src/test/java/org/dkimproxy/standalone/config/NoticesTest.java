package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoticesTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void writeKey() throws Exception {
        Files.setPosixFilePermissions(
                PrivateKeys.writeNewRsa(directory.resolve("key.pem")), PosixFilePermissions.fromString("rw-------"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signature dkim(a=rsa-sha256)     | ''",
                "signature dkim                   | signatures that name no algorithm: 1; they are made with rsa-sha256"
                        + " (dkimproxy 1.4 used rsa-sha1, which RFC 8301 forbids)",
                "''                               | signatures that name no algorithm: 1; they are made with rsa-sha256"
                        + " (dkimproxy 1.4 used rsa-sha1, which RFC 8301 forbids)",
                "compat dkimproxy-1.4             | ''",
                "signature domainkeys             | ''",
                "signature dkim(a=rsa-sha256);identity $sender | identity \"$sender\": stands as i= in signatures that"
                        + " name none (dkimproxy 1.4 ignored it)",
                "signature dkim(a=rsa-sha256,h=from:to),dkim(a=rsa-sha256) | signatures with a list of fields, h=: 1;"
                        + " these fields are signed (dkimproxy 1.4 ignored the list)",
                "signature domainkeys;reject_error | reject_error is on: a message that cannot be signed is refused"
                        + " (dkimproxy 1.4 heeded it on the command line alone)",
                "signature domainkeys;reject-error 0 | ''",
                "signature domainkeys;min_servers 5;max_requests 3 | option min_servers: without effect here //"
                        + " option max_requests: without effect here",
                "signature domainkeys;max_servers 5 | ''",
            })
    void each_difference_is_told_in_one_line(String conf, String notices) throws Exception {
        LoadedConfiguration<ProgramSettings> result = read(conf);

        assertThat(result.problems()).isEmpty();
        assertThat(notices(result))
                .isEqualTo(Arrays.stream(notices.split(" // "))
                        .filter(notice -> !notice.isEmpty())
                        .toList());
    }

    @Test
    void rsa_sha1_asked_for_is_a_warning() throws Exception {
        LoadedConfiguration<ProgramSettings> result = read("signature dkim(a=rsa-sha1)");

        assertThat(notices(result)).isEmpty();
        assertThat(result.problems())
                .extracting(Problem::summary)
                .singleElement()
                .asString()
                .endsWith(":6:18: warning: found algorithm \"rsa-sha1\", expected \"rsa-sha256\" or \"ed25519-sha256\""
                        + " (RFC 8301 forbids signing with rsa-sha1)");
    }

    private static LoadedConfiguration<ProgramSettings> read(String conf) throws IOException, UsageException {
        Path file = Files.writeString(
                directory.resolve("conf"),
                "listen 127.0.0.1:1\nrelay 127.0.0.1:2\ndomain example.org\nselector s\nkeyfile "
                        + directory.resolve("key.pem") + "\n" + conf.replace(';', '\n') + "\n");
        return Loading.load("--conf_file=" + file);
    }

    private static List<String> notices(LoadedConfiguration<ProgramSettings> loaded) {
        return switch (loaded) {
            case LoadedConfiguration.Valid<ProgramSettings> valid ->
                Stream.concat(valid.notices().stream(), valid.settings().proxy().message().notices().stream())
                        .toList();
            case LoadedConfiguration.Invalid<ProgramSettings> invalid ->
                throw new AssertionError(invalid.problems().toString());
        };
    }
}
