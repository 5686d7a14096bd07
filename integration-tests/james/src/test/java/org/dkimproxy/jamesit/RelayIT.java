package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
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

    @TempDir
    static Path folder;

    private static DnsRecords records;
    private static Relay relay;
    private static final List<Row> ROWS = new ArrayList<>();

    /** A message that was sent, what arrived of it with each mailet, and what is said of that. */
    private record Row(
            Case sent,
            boolean eightBitMime,
            Optional<Arrived> arrived,
            Optional<String> refusal,
            Optional<Arrived> withDkimSign,
            Optional<String> refusalOfDkimSign) {}

    @BeforeAll
    static void deliverEverything() throws Exception {
        Court.require();
        TestKeys keys = TestKeys.generate(folder);
        records = SigningRules.records(keys);
        relay = Relay.start(folder.resolve("ours"), james -> SigningRules.install(james, keys));
        Files.delete(relay.folder().conf(SigningRules.GONE_KEY));
        Map<String, byte[]> ours = deliver(relay);
        Map<String, byte[]> theirs;
        try (Relay other = Relay.start(folder.resolve("theirs"), james -> DkimSign.replaceOurs(james, keys))) {
            theirs = deliver(other);
        }
        judge(ours, theirs);
        report();
    }

    @AfterAll
    static void stop() throws IOException {
        if (relay != null) {
            relay.close();
        }
    }

    private static Map<String, byte[]> deliver(Relay relay) throws IOException, InterruptedException {
        Map<String, byte[]> arrived = new LinkedHashMap<>();
        for (boolean eightBitMime : List.of(true, false)) {
            relay.smartHost().announce8BitMime(eightBitMime);
            relay.deliver(Cases.all())
                    .forEach((name, message) -> arrived.put(name(name, eightBitMime), message));
        }
        return arrived;
    }

    private static String name(String name, boolean eightBitMime) {
        return name + (eightBitMime ? "-to-8bit" : "-to-7bit");
    }

    private static void judge(Map<String, byte[]> ours, Map<String, byte[]> theirs) throws IOException {
        Court court = Court.judge(folder, records, ours);
        Court courtOfTheirs = Court.judge(folder, records, theirs);
        for (boolean eightBitMime : List.of(true, false)) {
            for (Case sent : Cases.all()) {
                String name = name(sent.name(), eightBitMime);
                ROWS.add(new Row(
                        sent,
                        eightBitMime,
                        Optional.ofNullable(ours.get(name)).map(Arrived::of),
                        sent.signatures().stream()
                                .flatMap(signature -> court.refusal(name, signature).stream())
                                .findFirst(),
                        Optional.ofNullable(theirs.get(name)).map(Arrived::of),
                        courtOfTheirs.refusal(name, DkimSign.SIGNATURE)));
            }
        }
    }

    private static void report() throws IOException {
        Report report = new Report();
        for (Row row : ROWS) {
            report.add(
                    row.sent().name(),
                    row.eightBitMime(),
                    word(row.arrived(), row.sent().signatures().isEmpty(), row.refusal()),
                    word(row.withDkimSign(), false, row.refusalOfDkimSign()));
        }
        Files.createDirectories(TABLE.getParent());
        Files.writeString(TABLE, report.text(), StandardCharsets.UTF_8);
        System.out.println(report.text());
    }

    private static String word(Optional<Arrived> arrived, boolean unsigned, Optional<String> refusal) {
        if (arrived.isEmpty()) {
            return "stuck";
        }
        if (unsigned) {
            return "unsigned";
        }
        return refusal.isEmpty() ? "pass" : "FAIL";
    }

    @Test
    void every_signature_holds() {
        assertThat(ROWS).isNotEmpty().extracting(Row::refusal).allSatisfy(refusal -> assertThat(refusal)
                .isEmpty());
    }

    @Test
    void the_signatures_stand_on_top_as_many_as_the_map_says() {
        assertThat(ROWS).allSatisfy(row -> assertThat(row.arrived().orElseThrow().selectorsOnTop())
                .as(row.sent().name())
                .isEqualTo(row.sent().signatures().stream()
                        .map(Case.Expected::selector)
                        .toList()));
    }
}
