package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.dkimproxy.signing.key.TestKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes have the same fingerprint exactly if they sign the same messages in the same way. */
class ConfigurationFingerprintTest {
    private static final String MAP = """
            example.org       dkim(s=a),dkim(s=b,key=ed.pem)
            news@example.net  dkim(s=n,d=$keydomain,i=$sender,h=subject,x=3600)
            off.example.org\s
            """;
    private static final String CONF = "sender_map map\nkeyfile rsa.pem\n";
    private static final String OTHER_SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

    @TempDir
    Path folder;

    private Workbench bench;
    private String before;

    @BeforeEach
    void sign() {
        bench = new Workbench(folder).write("map", MAP);
        before = bench.signer(CONF).fingerprint();
    }

    @Test
    void has_64_hex_digits_and_stays() {
        assertThat(before).matches("[0-9a-f]{64}");
        assertThat(bench.signer(CONF).fingerprint()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s=a              | s=other",
                "example.org      | example.com",
                "off.example.org  | out.example.org",
                "dkim(s=n         | dkim(c=simple,s=n",
                "dkim(s=n         | dkim(a=rsa-sha1,s=n",
                "dkim(s=n         | dkim(t=0,s=n",
                "dkim(s=n         | domainkeys(s=n",
                "$keydomain       | $senderdomain",
                "i=$sender        | i=x@$keydomain",
                "h=subject        | h=to",
                "x=3600           | x=3601",
                "dkim(s=b,key=ed.pem) | dkim(s=b)",
            })
    void follows_whatever_a_rule_says(String old, String now) {
        assertThat(MAP).contains(old);
        String map = MAP.replace(old, now);
        bench.write(
                "map",
                map.contains("domainkeys") ? map.replace("i=$sender,", "").replace(",x=3600", "") : map);
        assertThat(bench.signer(CONF).fingerprint()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oversign off",
                "originator from",
                "compat dkimproxy-1.4",
                "listid_map lists",
                "dkim_method simple",
                "domain example.org\nsignature dkim(s=x)"
            })
    void follows_an_option(String option) {
        bench.write("lists", "list.example.org dkim(s=l)\n");
        assertThat(bench.signer(CONF + option + "\n").fingerprint()).isNotEqualTo(before);
    }

    @Test
    void follows_a_key_file_that_is_replaced() throws Exception {
        DkimSigner signer = bench.signer(CONF);
        assertThat(signer.fingerprint()).isEqualTo(before);
        bench.write("ed.pem", TestKeys.ed25519(OTHER_SEED));
        // a settled file is not looked at for ten milliseconds
        Thread.sleep(20);
        assertThat(signer.fingerprint()).isNotEqualTo(before);
        assertThat(signer.fingerprint()).isEqualTo(bench.signer(CONF).fingerprint());
    }

    @Test
    void does_not_know_paths_times_comments_or_the_order_of_lines() throws IOException {
        Files.createDirectory(folder.resolve("elsewhere"));
        for (String key : new String[] {"ed.pem", "rsa.pem"}) {
            bench.write("elsewhere/" + key, Files.readString(folder.resolve(key), UTF_8));
            Files.setLastModifiedTime(
                    folder.resolve("elsewhere").resolve(key), FileTime.from(Instant.ofEpochSecond(1_600_000_000)));
        }
        List<String> lines =
                MAP.replace("ed.pem", "elsewhere/ed.pem").lines().toList().reversed();
        bench.write("elsewhere/map", "# the other way round\n" + String.join("\n", lines) + "\n");
        assertThat(bench.signer("keyfile elsewhere/rsa.pem\nsender_map elsewhere/map\n")
                        .fingerprint())
                .isEqualTo(before);
    }

    @Test
    void a_domain_alone_and_one_of_two_differ() {
        String one = "selector s\nkeyfile rsa.pem\ndomain example.org";
        assertThat(bench.signer(one + "\n").fingerprint())
                .isNotEqualTo(bench.signer(one + ",example.net\n").fingerprint())
                .isNotEqualTo(bench.signer(one + ",example.org\n").fingerprint());
    }
}
