package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.dkimproxy.interop.DnsRecords;

/**
 * What became of a message on its way through James.
 *
 * @param sent the message
 * @param eightBitMime whether the smart host announced 8BITMIME
 * @param message what the smart host got; empty if nothing
 * @param expected the signatures that it is judged by
 * @param refusal why the first of them that does not hold does not; empty if they all do
 */
record Delivered(
        Case sent,
        boolean eightBitMime,
        Optional<Arrived> message,
        List<Case.Expected> expected,
        Optional<String> refusal) {

    /** Sends all cases to both kinds of smart host, and has judged what arrives. */
    static List<Delivered> all(
            Relay relay, Path folder, DnsRecords records, Function<Case, List<Case.Expected>> expected)
            throws IOException, InterruptedException {
        Map<String, byte[]> arrived = new LinkedHashMap<>();
        for (boolean eightBitMime : List.of(true, false)) {
            relay.smartHost().announce8BitMime(eightBitMime);
            relay.deliver(Cases.all()).forEach((name, message) -> arrived.put(name(name, eightBitMime), message));
        }
        Court court = Court.judge(folder, records, arrived);
        List<Delivered> all = new ArrayList<>();
        for (boolean eightBitMime : List.of(true, false)) {
            for (Case sent : Cases.all()) {
                String name = name(sent.name(), eightBitMime);
                List<Case.Expected> signatures = expected.apply(sent);
                all.add(new Delivered(
                        sent,
                        eightBitMime,
                        Optional.ofNullable(arrived.get(name)).map(Arrived::of),
                        signatures,
                        signatures.stream()
                                .flatMap(signature -> court.refusal(name, sent, signature).stream())
                                .findFirst()));
            }
        }
        return List.copyOf(all);
    }

    private static String name(String name, boolean eightBitMime) {
        return name + (eightBitMime ? "-to-8bit" : "-to-7bit");
    }

    /** What the smart host got; fails if nothing. */
    Arrived arrived() {
        return message.orElseThrow(() -> new AssertionError(this + " has not arrived"));
    }

    /** All of it in a word. */
    String verdict() {
        if (message.isEmpty()) {
            return "stuck";
        }
        if (expected.isEmpty()) {
            return "unsigned";
        }
        return refusal.isEmpty() ? "pass" : "FAIL";
    }

    @Override
    public String toString() {
        return sent + (eightBitMime ? " to a host with 8BITMIME" : " to a host without 8BITMIME");
    }
}
