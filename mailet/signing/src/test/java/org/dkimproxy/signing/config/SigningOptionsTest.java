package org.dkimproxy.signing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.signing.Workbench;
import org.dkimproxy.signing.key.TestKeys;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told at the start about options, maps and keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SigningOptionsTest {
    /** Longer than what 64 octets can be encoded to. */
    private static final String TOO_LONG =
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    private Workbench bench;

    @BeforeAll
    void fill(@TempDir Path folder) throws Exception {
        bench = new Workbench(folder)
                .write("rsa2048.pem", PrivateKeys.pkcs8(PrivateKeys.newRsa(2048).getPrivate()))
                .write("locked.pem", TestKeys.encrypted(PrivateKeys.newRsa(2048).getPrivate(), "secret"))
                .write("short.pem", PrivateKeys.pkcs8(PrivateKeys.newRsa(512).getPrivate()))
                .write("garbage.pem", "garbage\n")
                .write("secret", "secret\n")
                .write("good.map", "example.org dkim(key=ed.pem,s=mail)\n")
                .write("bad.map", "a@example.org dkim(key=ed.pem,s=mail)\nexample.org dkin\nexample.net dkim(c=lax)\n")
                .write("nokey.map", "example.org dkim(s=mail)\nexample.net dkim(key=ed.pem)\n")
                .write("i.map", """
                        example.org dkim(i=@example.net)
                        sub.example.net  dkim(i=@example.net)
                        example.net  dkim(i=@example.net)
                        .  dkim(i=@example.com)
                        joe@b.example  dkim(i=@example.com)
                        joe@a.example.com  dkim(d=example.com,i=@example.com)
                        x@example.com  dkim(i=@example.com)
                        """)
                .write("lists.map", """
                        news.lists.example dkim
                        news.elsewhere.example dkim
                        sub.lists.example domainkeys(key=rsa2048.pem,s=x)
                        lists.example dkim
                        """)
                .write("open.pem", TestKeys.ed25519());
        Files.setPosixFilePermissions(bench.path("open.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.createDirectory(bench.path("folder"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "domain=example.org; selector=mail; keyfile=ed.pem",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; signature=dkim; signature=domainkeys",
                "domain=a.example, b.example  c.example; selector=mail; keyfile=ed.pem",
                "domain=\u00e4.example; selector=\u00fc; keyfile=ed.pem",
                "sender_map=good.map",
                "listid_map=good.map",
                "sender_map=good.map; domain=example.org; signature=dkim(key=ed.pem,s=mail)",
                "domain=example.org; selector=mail; keyfile=locked.pem; key_passphrase_file=secret",
                "domain=example.org; selector=mail; keyfile=ed.pem; method=relaxed/relaxed",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; signature=domainkeys; method=nofws",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; signature=domainkeys(c=simple);"
                        + " method=relaxed",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; signature=dkim,domainkeys; method=simple",
                "domain=example.org; selector=mail; keyfile=ed.pem; dkim_method=SIMPLE/Relaxed;"
                        + " domainkeys_method=NoFws",
                "domain=example.org; selector=mail; keyfile=ed.pem; oversign=OFF; compat=dkimproxy-1.4",
                "domain=example.org; selector=mail; keyfile=ed.pem; oversign=true",
                "domain=example.org; selector=mail; keyfile=ed.pem; oversign=False; identity=$$@a.example.org",
                "domain=$; domain=a.example,b.example; selector=mail; keyfile=ed.pem; identity=@$senderdomain",
                "domain=example.org; selector=mail; keyfile=ed.pem; oversign=extended; identity=joe@example.org",
                "domain=example.org; selector=mail; keyfile=ed.pem; identity=$sender",
                "domain=example.org; selector=mail; keyfile=ed.pem; unknown=1",
                // the last of several counts
                "domain=!; domain=example.org; selector=!; selector=mail; keyfile=none; keyfile=ed.pem",
            })
    void options_with_nothing_wrong(String conf) {
        assertThat(problems(conf)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // rules
                "selector=mail; keyfile=ed.pem"
                        + " | error: no rule says what to sign: give the option domain, sender_map or listid_map",
                "domain=exa mple..org; selector=mail; keyfile=ed.pem"
                        + " | conf:1:12: error: found domain \"mple..org\", expected a host name",
                "domain=-a.example; selector=mail; keyfile=ed.pem"
                        + " | conf:1:8: error: found domain \"-a.example\", expected a host name",
                "domain=stra\u00dfe.example; selector=mail; keyfile=ed.pem"
                        + " | conf:1:8: error: found domain \"stra\u00dfe.example\", expected a host name",
                "sender_map=none.map | conf:1:12: error: cannot read map none.map: No such file or directory",
                "listid_map=folder"
                        + " | conf:1:12: warning: found a directory without files, expected a map, or a directory with the files of one",
                "sender_map=%00 | conf:1:12: error: cannot read map \ufffd: not a file name",
                "sender_map=bad.map"
                        + " | bad.map:2:13: error: found signature type \"dkin\", expected \"dkim\" or \"domainkeys\""
                        + " | bad.map:3:20: error: found method \"lax\", expected \"relaxed\", \"simple\" or \"nowsp\","
                        + " or two of them as in \"relaxed/simple\"",
                "sender_map=nokey.map | nokey.map:1:13: error: found a signature without a key, expected key=FILE in"
                        + " it, or the option keyfile | nokey.map:2:13: error: found a signature without a selector,"
                        + " expected s=SELECTOR in it, or the option selector",
                "sender_map=good.map; domain=example.org | conf:2:8: warning: found a domain beside a map, and no"
                        + " signature, expected a signature for it, such as \"dkim\", since without one it signs nothing",
                "sender_map=good.map; signature=dkim(key=ed.pem,s=mail) | conf:2:11: warning: found a signature beside"
                        + " a map, and no domain, expected a domain, since without one this signature is never made",
                // gaps
                "domain=example.org; keyfile=ed.pem"
                        + " | conf:1:8: error: found a signature without a selector, expected s=SELECTOR in"
                        + " it, or the option selector",
                "domain=example.org; selector=mail; signature=dkim"
                        + " | conf:3:11: error: found a signature without a key, expected key=FILE in it, or the option"
                        + " keyfile",
                "domain=example.org; selector=ma il; keyfile=ed.pem"
                        + " | conf:2:10: error: found selector \"ma il\", expected host-name labels",
                // methods
                "domain=example.org; selector=mail; keyfile=ed.pem; method=lax | conf:4:8: error: found method"
                        + " \"lax\", expected \"simple\", \"relaxed\" or \"nowsp\", or two of them with a slash between,"
                        + " or for DomainKeys \"simple\" or \"nofws\"",
                "domain=example.org; selector=mail; keyfile=ed.pem; dkim_method=nofws"
                        + " | conf:4:13: error: found dkim_method \"nofws\", expected \"simple\", \"relaxed\" or"
                        + " \"nowsp\", or two of them with a slash between",
                "domain=example.org; selector=mail; keyfile=ed.pem; domainkeys_method=relaxed"
                        + " | conf:4:19: warning: found domainkeys_method \"relaxed\", which nothing uses, expected \"simple\" or"
                        + " \"nofws\"",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; domainkeys_method=relaxed; signature=domainkeys"
                        + " | conf:4:19: error: found domainkeys_method \"relaxed\", expected \"simple\" or \"nofws\"",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; method=foo; dkim_method=simple;"
                        + " domainkeys_method=nofws; signature=dkim,domainkeys | conf:4:8: warning: found method \"foo\","
                        + " which nothing uses, expected \"simple\", \"relaxed\" or \"nowsp\", or two of them with a slash"
                        + " between, or for DomainKeys \"simple\" or \"nofws\"",
                "sender_map=good.map; selector=a..b | conf:2:10: warning: found selector \"a..b\", which nothing uses,"
                        + " expected host-name labels",
                "domain=example.org; selector=mail; keyfile=ed.pem; identity=$sendr; signature=dkim(i=@example.org)"
                        + " | conf:4:10: warning: found macro \"$sendr\", which nothing uses, expected \"$sender\"",
                "domain=example.org; selector=mail; keyfile=ed.pem; originator=form"
                        + " | conf:4:12: error: found \"form\", expected \"sender\" or \"from\"",
                "domain=example.org; selector=mail; keyfile=ed.pem; signature=dkim(h=from:Received) | conf:4:23: warning:"
                        + " found field \"Received\" in h=, which is never signed and is dropped, expected fields that"
                        + " nobody adds or changes on the way (RFC 6376 section 5.4.1)",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; compat=dkimproxy-1.4; signature=dkim(h=to)"
                        + " | conf:5:11: warning: found h= in a signature, which compat ignores as dkimproxy 1.4 did,"
                        + " expected no h= beside compat",
                // signatures without a rule
                "selector=mail; keyfile=ed.pem; signature=dkim(d=$senderdomain),dkim | conf:3:33: error: found a"
                        + " signature without d=, and neither domain nor a map, expected d=DOMAIN in it, or the option"
                        + " domain, sender_map or listid_map",
                "domain=example.org; selector=mail; keyfile=ed.pem; method=nofws | conf:4:8: error: found method"
                        + " \"nofws\", expected a DKIM method, or the option dkim_method, for the signature at conf:1:8",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; method=relaxed; signature=dkim,domainkeys"
                        + " | conf:4:8: error: found method \"relaxed\", expected a DomainKeys method, or the option"
                        + " domainkeys_method, for the signature at conf:5:16",
                // words
                "domain=example.org; selector=mail; keyfile=ed.pem; compat=dkimproxy-1.5"
                        + " | conf:4:8: error: found \"dkimproxy-1.5\", expected \"dkimproxy-1.4\"",
                "domain=example.org; selector=mail; keyfile=ed.pem; oversign=maybe"
                        + " | conf:4:10: error: found \"maybe\", expected \"off\", \"on\" or \"extended\"",
                "domain=example.org; selector=mail; keyfile=ed.pem; identity=$sendr"
                        + " | conf:4:10: error: found macro \"$sendr\", expected \"$sender\"",
                "domain=example.org; selector=mail; keyfile=ed.pem; identity=joe"
                        + " | conf:4:10: error: found identity \"joe\", expected an address or \"@\" and a domain name",
                "domain=example.org; selector=mail; keyfile=ed.pem; signature=dkim(d=example.org,i=@example.net) |"
                        + " conf:4:32: error: found identity \"@example.net\", expected an address or \"@\" and a domain"
                        + " name within d=example.org",
                // an identity that is the same for all messages, and the domains that the rules give
                "domain=example.org; selector=mail; keyfile=ed.pem; identity=@example.net | conf:4:10: error: found"
                        + " identity \"@example.net\" for the domain \"example.org\", expected an address or \"@\" and a"
                        + " domain name within d=example.org",
                "domain=example.net,a.example,b.example; selector=mail; keyfile=ed.pem; signature=dkim(i=@x.example.net)"
                        + " | conf:4:18: error: found identity \"@x.example.net\" for the domain \"a.example\" and 1"
                        + " more, expected an address or \"@\" and a domain name within d=a.example",
                "sender_map=i.map; selector=mail; keyfile=ed.pem"
                        + " | i.map:1:20: error: found identity \"@example.net\" for the key \"example.org\" and 1 more,"
                        + " expected an address or \"@\" and a domain name within d=example.org"
                        + " | i.map:5:1: error: found identity \"@example.com\" for the key \"joe@b.example\", expected"
                        + " an address or \"@\" and a domain name within d=b.example",
                "listid_map=lists.map; selector=mail; keyfile=ed.pem; identity=@lists.example | lists.map:2:1: error:"
                        + " found identity \"@lists.example\" for the key \"news.elsewhere.example\", expected an"
                        + " address or \"@\" and a domain name within d=elsewhere.example",
                "domain=example.org; selector=mail; keyfile=ed.pem; identity=a$$b | conf:4:10: error: found identity"
                        + " \"a$$b\", expected an address or \"@\" and a domain name",
                "domain=example.org; selector=mail; keyfile=ed.pem; signature=dkim(d=example.org,i=$$@example.net) |"
                        + " conf:4:32: error: found identity \"$$@example.net\", expected an address or \"@\" and a domain"
                        + " name within d=example.org",
                "domain=example.org; selector=mail; keyfile=ed.pem; identity=" + TOO_LONG + "@example.org | conf:4:10:"
                        + " error: found an identity that is too long, expected one of at most 446 octets in i=",
                // one option is told once, however many signatures it is for
                "domain=example.org; selector=mail; keyfile=ed.pem; method=nofws; signature=dkim,dkim,dkim(a=rsa-sha1)"
                        + " | conf:5:28: warning: found algorithm \"rsa-sha1\", expected \"rsa-sha256\" or"
                        + " \"ed25519-sha256\" (RFC 8301 forbids signing with rsa-sha1)"
                        + " | conf:4:8: error: found method \"nofws\", expected a DKIM method, or the option dkim_method,"
                        + " for the signature at conf:5:11 | conf:5:21: error: found an Ed25519 key in DIR/ed.pem,"
                        + " expected a key that makes rsa-sha1",
                "domain=example.org; selector=mail; keyfile=ed.pem; identity=joe; signature=dkim,dkim,dkim"
                        + " | conf:4:10: error: found identity \"joe\", expected an address or \"@\" and a domain name",
                "domain=example.org; selector=mail; keyfile=ed.pem; signature=dkim(d=example.org);"
                        + " identity=@example.net | conf:5:10: error: found identity \"@example.net\", expected an address"
                        + " or \"@\" and a domain name within d=example.org",
                "domain=example.org; selector=mail; keyfile=ed.pem; signature=dkim(x=0,y=1)"
                        + " | conf:4:18: error: found expiry \"0\", expected whole seconds from 1 to 2147483648"
                        + " | conf:4:20: error: found parameter \"y\", expected one of key, a, c, d, s, i, h, x, t",
                // what is missing
                "domain=example.org | conf:1:8: error: found a signature without a selector and a key, expected"
                        + " s=SELECTOR and key=FILE in it, or the options selector and keyfile",
                "domain=example.org; selector=mail | conf:1:8: error: found a signature without a key, expected key=FILE"
                        + " in it, or the option keyfile",
                "domain=example.org; keyfile=ed.pem | conf:1:8: error: found a signature without a selector, expected"
                        + " s=SELECTOR in it, or the option selector",
                // keys
                "domain=example.org; selector=mail; keyfile=folder | conf:3:9: error: cannot read key file DIR/folder: Is a directory",
                "domain=example.org; selector=mail; keyfile=none.pem"
                        + " | conf:3:9: error: cannot read key file DIR/none.pem: No such file or directory",
                "domain=example.org; selector=mail; keyfile=garbage.pem | conf:3:9: error: found no private key (key"
                        + " file DIR/garbage.pem), expected a PEM file with an RSA or Ed25519 private key",
                "domain=example.org; selector=mail; keyfile=locked.pem"
                        + " | conf:3:9: error: found an encrypted private key (key file DIR/locked.pem), expected the"
                        + " option key_passphrase_file to name the file with its passphrase",
                "domain=example.org; selector=mail; keyfile=locked.pem; key_passphrase_file=good.map | conf:3:9:"
                        + " error: found an encrypted private key that the passphrase does not open (key file"
                        + " DIR/locked.pem), expected its passphrase in the first line of the file named by"
                        + " key_passphrase_file",
                "domain=example.org; selector=mail; keyfile=short.pem | conf:3:9: error: found an RSA key of 512 bits"
                        + " (key file DIR/short.pem), expected 2048 bits or more (RFC 8301 forbids fewer than 1024)",
                "domain=example.org; selector=mail; keyfile=rsa.pem | conf:3:9: warning: found an RSA key of 1024 bits"
                        + " in DIR/rsa.pem, expected 2048 bits or more (RFC 8301 section 3.2)",
                "domain=example.org; selector=mail; keyfile=open.pem | conf:3:9: warning: found key file DIR/open.pem"
                        + " that everyone can read (rw-r--r--), expected a file that only its owner and group can read:"
                        + " chmod o-rwx DIR/open.pem",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; signature=dkim(a=ed25519-sha256)"
                        + " | conf:4:11: error: found an RSA key of 2048 bits in DIR/rsa2048.pem, expected a key that"
                        + " makes ed25519-sha256",
                "domain=example.org; selector=mail; signature=dkim(a=rsa-sha256,key=ed.pem) | conf:3:33: error: found"
                        + " an Ed25519 key in DIR/ed.pem, expected a key that makes rsa-sha256",
                "domain=example.org; selector=mail; keyfile=ed.pem; signature=domainkeys"
                        + " | conf:4:11: error: found an Ed25519 key in DIR/ed.pem, expected a key that makes rsa-sha1",
                "domain=example.org; selector=mail; keyfile=rsa2048.pem; signature=dkim(a=rsa-sha1)"
                        + " | conf:4:18: warning: found algorithm \"rsa-sha1\", expected \"rsa-sha256\" or"
                        + " \"ed25519-sha256\" (RFC 8301 forbids signing with rsa-sha1)",
                // one fault is told once, however many signatures it is in
                "domain=example.org; selector=mail; signature=dkim(key=none.pem),dkim(key=none.pem)"
                        + " | conf:3:20: error: cannot read key file DIR/none.pem: No such file or directory",
            })
    void each_problem_is_told_with_its_place_and_what_to_do(
            org.junit.jupiter.params.aggregator.ArgumentsAccessor arguments) {
        List<String> expected =
                arguments.toList().stream().skip(1).map(String::valueOf).toList();
        assertThat(problems(arguments.getString(0))).isEqualTo(expected);
    }

    /** So many are read on several threads. */
    @Test
    void problems_of_many_key_files_are_told_in_the_order_of_their_lines() {
        StringBuilder map = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            String name = "many" + i + ".pem";
            if (i % 7 == 0) {
                expected.add("many.map:" + i + ":23: error: cannot read key file DIR/" + name
                        + ": No such file or directory");
            } else {
                bench.write(name, TestKeys.ed25519());
            }
            map.append("d")
                    .append(100 + i)
                    .append(".example dkim(key=")
                    .append(name)
                    .append(")\n");
        }
        bench.write("many.map", map.toString());

        assertThat(problems("sender_map=many.map; selector=mail")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1",
        "compat=dkimproxy-1.4, 1",
        "signature=dkim(a=rsa-sha256), 0",
        "signature=dkim(key=ed.pem), 0",
        "'signature=domainkeys,dkim,dkim(c=simple)', 2",
    })
    void signatures_that_name_no_algorithm_are_counted(String signature, int count) {
        String conf = "domain=example.org\nselector=mail\nkeyfile=rsa2048.pem\n";
        assertThat(bench.signer(conf + signature + "\n").countWithDefaultAlgorithm())
                .isEqualTo(count);
    }

    @Test
    void a_map_that_is_no_file_is_not_waited_for() throws Exception {
        Path fifo = bench.path("fifo.map");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(30), () -> problems("sender_map=fifo.map")))
                .containsExactly("conf:1:12: error: cannot read map fifo.map: it is not a regular file");
    }

    @Test
    void a_map_may_be_a_link_to_a_file() throws IOException {
        Files.createSymbolicLink(bench.path("link.map"), bench.path("good.map"));
        assertThat(problems("sender_map=link.map")).isEmpty();
    }

    @Test
    void the_files_of_a_directory_are_one_map() throws IOException {
        Files.createDirectories(bench.path("maps/sub"));
        bench.write("maps/a", "example.org dkim(key=ed.pem,s=mail)\n")
                .write("maps/b.map", "example.net dkim(key=ed.pem,s=mail)\nexample.org dkin\n")
                .write("maps/.hidden", "hidden.example dkin\n")
                .write("maps/b.map~", "old.example dkin\n");

        assertThat(problems("sender_map=maps"))
                .containsExactly(
                        "DIR/maps/b.map:2:1: warning: found key \"example.org\" again, expected each key once, since only"
                                + " its last line counts (first at DIR/maps/a:1:1)",
                        "DIR/maps/b.map:2:13: error: found signature type \"dkin\", expected \"dkim\" or \"domainkeys\"");
    }

    @Test
    void a_map_beyond_all_measure_is_not_read() throws IOException {
        long length = (1L << 30) + 1;
        try (RandomAccessFile sparse =
                new RandomAccessFile(bench.path("huge.map").toFile(), "rw")) {
            sparse.setLength(length);
        }
        assertThat(problems("listid_map=huge.map"))
                .containsExactly("conf:1:12: error: cannot read map huge.map: it has " + length
                        + " bytes, and the maximum is "
                        + MapFiles.largest(Runtime.getRuntime().maxMemory())
                        + " (half of the memory, and 1 GiB)");
    }

    @ParameterizedTest
    @CsvSource({
        "67108864, 33554432",
        "1073741824, 536870912",
        "2147483648, 1073741824",
        "9223372036854775807, 1073741824"
    })
    void the_largest_map_is_half_of_the_memory_and_1_gib(long memory, int largest) {
        assertThat(MapFiles.largest(memory)).isEqualTo(largest);
    }

    @Test
    void a_problem_of_a_right_hand_side_tells_in_how_many_more_lines_it_stands() {
        bench.write(
                "shared.map", "a.example dkim(s=x)\nb.example dkim(s=x)\nc.example dkim(s=x)\nd.example dkim(s=y)\n");
        assertThat(problems("sender_map=shared.map"))
                .containsExactly(
                        "shared.map:1:11: error: found a signature without a key, here and in 2 more lines, expected"
                                + " key=FILE in it, or the option keyfile",
                        "shared.map:4:11: error: found a signature without a key, expected key=FILE in it, or the"
                                + " option keyfile");
    }

    @Test
    void a_passphrase_that_everyone_can_read_is_told_once() throws IOException {
        bench.write("told", "secret\n");
        bench.write("other.pem", TestKeys.ed25519());
        Files.setPosixFilePermissions(bench.path("told"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(problems("domain=example.org; selector=mail; key_passphrase_file=told;"
                        + " signature=dkim(key=locked.pem),dkim(key=other.pem)"))
                .containsExactly("conf:3:21: warning: found key_passphrase_file DIR/told that everyone can read"
                        + " (rw-r--r--), expected a file that only its owner and group can read: chmod o-rwx DIR/told");
    }

    @Test
    void files_that_everyone_can_write_to_are_told() throws IOException {
        bench.write("passphrase", "secret\n");
        bench.write("writable.map", "example.net \n");
        Files.copy(bench.path("locked.pem"), bench.path("writable.pem"));
        for (String name : List.of("passphrase", "writable.pem", "writable.map")) {
            Files.setPosixFilePermissions(bench.path(name), PosixFilePermissions.fromString("rw-----w-"));
        }
        String expected = ", expected a file that only root and the user of this program can change: chmod o-w DIR/";
        assertThat(problems("sender_map=writable.map; domain=example.org; selector=mail; keyfile=writable.pem;"
                        + " key_passphrase_file=passphrase; signature=dkim"))
                .contains(
                        "conf:1:12: warning: found sender_map DIR/writable.map that everyone can write to (rw-----w-)"
                                + expected + "writable.map",
                        "conf:4:9: warning: found key file DIR/writable.pem that everyone can write to (rw-----w-)"
                                + expected + "writable.pem",
                        "conf:5:21: warning: found key_passphrase_file DIR/passphrase that everyone can write to"
                                + " (rw-----w-)" + expected + "passphrase");
    }

    @Test
    void a_directory_in_which_everyone_can_replace_keys_is_told_once() throws IOException {
        Path shared = Files.createDirectory(bench.path("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        bench.write("shared/a.pem", TestKeys.ed25519());
        bench.write("shared/b.pem", TestKeys.ed25519());
        assertThat(problems(
                        "domain=example.org; selector=mail; signature=dkim(key=shared/a.pem),dkim(key=shared/b.pem)"))
                .containsExactly("conf:3:20: warning: found key file DIR/shared/a.pem below directory DIR/shared that"
                        + " everyone can write to (rwxrwxrwx), expected a directory that only root and the user of this"
                        + " program can change: chmod go-w DIR/shared");
    }

    @Test
    void a_hundred_thousand_domains_are_read_in_no_time() {
        StringBuilder conf = new StringBuilder("selector=mail; keyfile=ed.pem; domain=");
        for (int i = 0; i < 100_000; i++) {
            conf.append('d').append(i).append(".example,");
        }
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(problems(conf.toString())).isEmpty());
    }

    @Test
    void a_group_readable_key_is_common_and_fine() throws IOException {
        bench.write("group.pem", TestKeys.ed25519());
        Files.setPosixFilePermissions(bench.path("group.pem"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(problems("domain=example.org; selector=mail; keyfile=group.pem"))
                .isEmpty();
    }

    private List<String> problems(String conf) {
        return bench.problems(conf.replace("; ", "\n") + "\n");
    }
}
