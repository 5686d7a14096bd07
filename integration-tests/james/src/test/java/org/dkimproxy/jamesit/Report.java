package org.dkimproxy.jamesit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A table: what became of each message with our mailet and with James's own, for both kinds of smart host. */
final class Report {
    private static final String LINE = "%-36s %-10s %-10s  %-10s %-10s%n";

    private Report() {}

    /** The table, as lines of text; both lists are of the same messages. */
    static String of(List<Delivered> ours, List<Delivered> theirs) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, LINE, "smart host", "8BITMIME", "", "7 bit only", ""));
        text.append(String.format(Locale.ROOT, LINE, "message", "ours", "DKIMSign", "ours", "DKIMSign"));
        Map<String, Map<Boolean, String>> theirVerdicts = verdicts(theirs);
        verdicts(ours).forEach((message, verdicts) -> {
            Map<Boolean, String> beside = theirVerdicts.get(message);
            text.append(String.format(
                    Locale.ROOT,
                    LINE,
                    message,
                    verdicts.get(true),
                    beside.get(true),
                    verdicts.get(false),
                    beside.get(false)));
        });
        return text.toString();
    }

    /** By message, then by whether the smart host announced 8BITMIME. */
    private static Map<String, Map<Boolean, String>> verdicts(List<Delivered> all) {
        Map<String, Map<Boolean, String>> verdicts = new LinkedHashMap<>();
        for (Delivered one : all) {
            verdicts.computeIfAbsent(one.sent().name(), name -> new TreeMap<>()).put(one.eightBitMime(), one.verdict());
        }
        return verdicts;
    }
}
