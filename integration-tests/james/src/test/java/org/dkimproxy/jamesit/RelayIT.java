package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dkimproxy.interop.DnsRecords;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole James 3.8 with our conf folder: mail comes by SMTP and goes to a smart host, which announces 8BITMIME or does not,
 * and others judge what arrives there. The same mail through James's own DKIMSign stands beside it.
 */
class RelayIT {
    private static final Path TABLE = Path.of("target/signed-by-james.txt");

    /** The fields that James itself removes or rewrites, whoever signs. */
    private static final Pattern REWRITTEN_BY_JAMES = Pattern.compile("(?is)(bcc|return-path|mime-version)\\s*:.*");

    /** What James says of a file that is not there, and of a postmaster who has no mailbox. */
    private static final Pattern LEFT_OUT = Pattern.compile(
            "Unable to locate configuration file|Could not find|Empty MailRepository store|Deleted message vault"
                    + "|postmaster@example.org \\) is not a local address");

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int PAUSE_MILLIS = 250;
    private static final int ATTEMPTS = 240;
    private static final Case.Expected LATER = new Case.Expected("later", "later.example", List.of("Mail::DKIM"));

    @TempDir
    static Path folder;

    private static DnsRecords records;
    private static Relay relay;
    private static List<Delivered> deliveries;

    @BeforeAll
    static void deliverEverything() throws Exception {
        Court.require();
        TestKeys keys = TestKeys.generate(folder);
        records = SigningRules.records(keys);
        relay = Relay.start(folder.resolve("ours"), james -> {
            SigningRules.install(james, keys);
            leaveHeadersAlone(james);
        });
        Files.delete(relay.folder().conf(SigningRules.GONE_KEY));
        deliveries = Delivered.all(relay, folder, records, Case::signatures);
        List<Delivered> theirs;
        try (Relay other = Relay.start(folder.resolve("theirs"), james -> DkimSign.replaceOurs(james, keys))) {
            theirs = Delivered.all(other, folder, records, sent -> List.of(DkimSign.SIGNATURE));
        }
        String table = Report.of(deliveries, theirs);
        Files.createDirectories(TABLE.getParent());
        Files.writeString(TABLE, table, StandardCharsets.UTF_8);
        System.out.println(table);
    }

    /**
     * Has the mailet see the header of some mails as it came. In the others RemoveMimeHeader marks it as changed, so that James
     * 3.8 has settled it before the mailet reads it.
     */
    private static void leaveHeadersAlone(JamesFolder james) throws IOException {
        String root = "<processor state=\"root\">";
        james.replace(
                "mailetcontainer.xml",
                root,
                root + "<mailet match=\"SenderHostIs=" + Cases.SIMPLE_SENDERS + "\" class=\"ToProcessor\">"
                        + "<processor>relay</processor></mailet>");
    }

    @AfterAll
    static void stop() throws IOException {
        if (relay != null) {
            relay.close();
        }
    }

    @Test
    void every_signature_holds() {
        assertThat(deliveries.stream().map(Delivered::refusal).flatMap(Optional::stream))
                .isEmpty();
    }

    @Test
    void the_signatures_stand_on_top_as_many_as_the_map_says() {
        assertThat(deliveries)
                .allSatisfy(one -> assertThat(one.arrived().selectorsOnTop())
                        .isEqualTo(one.sent().signatures().stream()
                                .map(Case.Expected::selector)
                                .toList()));
    }

    @Test
    void what_is_7_bit_arrives_octet_for_octet() {
        assertThat(deliveries)
                .filteredOn(one -> Arrived.of(one.sent().message()).isSevenBit())
                .isNotEmpty()
                .allSatisfy(one -> {
                    Arrived sent = Arrived.of(one.sent().message());
                    assertThat(one.arrived().body()).isEqualTo(sent.body());
                    assertThat(one.arrived().fields())
                            .containsAll(sent.fields().stream()
                                    .filter(field ->
                                            !REWRITTEN_BY_JAMES.matcher(field).matches())
                                    .toList());
                });
    }

    @Test
    void what_cannot_be_made_7_bit_arrives_whole() {
        List<String> left = Cases.leftovers().map(Case::name).toList();
        assertThat(deliveries)
                .filteredOn(one -> left.contains(one.sent().name()))
                .hasSize(2 * left.size())
                .allSatisfy(one -> {
                    assertThat(Leaves.of(one.arrived().octets()))
                            .isEqualTo(Leaves.of(one.sent().message()));
                    assertThat(one.arrived().text()).contains("\r\nContent-Transfer-Encoding: 7bit\r\n");
                });
    }

    @Test
    void what_is_not_7_bit_arrives_as_7_bit_and_says_the_same() {
        List<String> left = Cases.leftovers().map(Case::name).toList();
        List<Delivered> convertible = deliveries.stream()
                .filter(one -> !Arrived.of(one.sent().message()).isSevenBit())
                .filter(one -> !left.contains(one.sent().name()))
                .toList();
        assertThat(convertible)
                .extracting(one -> one.sent().name())
                .contains("8bit-single", "8bit-multipart", "8bit-nested", "latin1-single", "lines-of-5000");
        assertThat(convertible).allSatisfy(one -> {
            assertThat(one.arrived().isSevenBit()).isTrue();
            assertThat(Leaves.of(one.arrived().octets()))
                    .isEqualTo(Leaves.of(one.sent().message()));
        });
    }

    /** To a host without 8BITMIME James 3.8 delivers no such mail, with or without a mailet. */
    @Test
    void mail_whose_content_type_cannot_be_parsed_is_signed() throws Exception {
        List<Case> cases = Cases.unparsable().toList();
        relay.smartHost().announce8BitMime(true);
        Map<String, byte[]> arrived = relay.deliver(cases);
        Court court = Court.judge(folder, records, arrived);
        assertThat(cases)
                .allSatisfy(
                        sent -> assertThat(Arrived.of(arrived.get(sent.name())).selectorsOnTop())
                                .containsExactly("2026"))
                .allSatisfy(sent -> assertThat(court.refusal(sent.name(), sent, Cases.SHIPPED))
                        .isEmpty());
    }

    @Test
    void a_report_that_james_makes_is_signed() throws Exception {
        Case toNobody = Case.of("refused", "joe@example.org", "From: joe@example.org\r\nSubject: x\r\n\r\nHi\r\n");
        assertThat(toNobody.recipient()).isEqualTo(SmartHost.REFUSED);
        Map<String, byte[]> arrived = relay.deliver(List.of(toNobody));
        arrived.putAll(relay.smartHost().take(1));
        assertThat(arrived).containsOnlyKeys("joe");
        Arrived report = Arrived.of(arrived.get("joe"));
        assertThat(report.text()).contains("From: postmaster@example.org\r\n").contains("multipart/report");
        assertThat(report.selectorsOnTop()).containsExactly("2026");
        assertThat(Court.judge(folder, records, arrived).refusal("joe", toNobody, Cases.SHIPPED))
                .isEmpty();
    }

    @Test
    void who_is_not_authorized_cannot_send_to_others() throws Exception {
        try (Socket stranger = new Socket()) {
            stranger.bind(new InetSocketAddress("127.0.0.2", 0));
            stranger.connect(relay.james().address(), PATIENCE_MILLIS);
            stranger.setSoTimeout(PATIENCE_MILLIS);
            BufferedReader replies =
                    new BufferedReader(new InputStreamReader(stranger.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(replies.readLine()).startsWith("220 ");
            for (String command : List.of("HELO x", "MAIL FROM:<joe@example.org>")) {
                stranger.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
                assertThat(replies.readLine()).startsWith("250 ");
            }
            stranger.getOutputStream().write("RCPT TO:<suzie@example.net>\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(replies.readLine()).startsWith("550 ");
        }
    }

    @Test
    void james_listens_on_loopback_and_in_one_place_only() throws IOException {
        assertThat(ListeningSockets.of(relay.james().pid()))
                .singleElement()
                .satisfies(place ->
                        assertThat(place.getAddress().isLoopbackAddress()).isTrue());
    }

    @Test
    void james_warns_of_nothing_but_what_the_folder_leaves_out() {
        List<String> start = relay.james().log().stream()
                .takeWhile(line -> !line.contains(" JAMES server started"))
                .toList();
        assertThat(start).anyMatch(line -> line.contains("SMTP Service bound to"));
        assertThat(start)
                .filteredOn(line -> line.matches(".* (WARN|ERROR) .*"))
                .allMatch(line -> LEFT_OUT.matcher(line).find());
    }

    @Test
    void the_log_tells_of_each_message_and_of_the_key_that_is_gone() {
        assertThat(relay.james().log())
                .anyMatch(line -> line.contains("DKIM signing - signed; ") && line.contains("from=<joe@example.org>"))
                .anyMatch(line ->
                        line.contains("DKIM signing - skipped; ") && line.contains("from=<joe@unknown.example>"))
                .anyMatch(line -> line.contains("WARN") && line.contains("gone.key"));
    }

    @Test
    void a_changed_map_is_in_use_without_a_restart() throws Exception {
        Path map = relay.folder().conf("dkim/sender_map");
        Case sent = Case.of("later", "joe@later.example", "From: joe@later.example\r\nSubject: x\r\n\r\nHi\r\n", LATER);
        assertThat(Arrived.of(relay.deliver(List.of(sent)).get("later")).selectorsOnTop())
                .isEmpty();
        // a map is taken whole or not at all, and one of its keys is gone
        Files.writeString(
                map,
                Files.readString(map, StandardCharsets.UTF_8)
                        .replaceAll(
                                "(?m)^gone\\.example\\.com .*$",
                                "later.example  dkim(s=later,key=file://conf/" + SigningRules.SHIPPED_KEY + ")"),
                StandardCharsets.UTF_8);
        List<String> selectors = List.of();
        for (int attempt = 0; attempt < ATTEMPTS && selectors.isEmpty(); attempt++) {
            Thread.sleep(PAUSE_MILLIS);
            selectors = Arrived.of(relay.deliver(List.of(sent)).get("later")).selectorsOnTop();
        }
        assertThat(selectors).containsExactly("later");
    }
}
