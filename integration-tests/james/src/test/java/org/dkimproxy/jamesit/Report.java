package org.dkimproxy.jamesit;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A table: what became of each message with our mailet and with James's own, for both kinds of smart host. */
final class Report {
    private static final String LINE = "%-36s %-10s %-10s  %-10s %-10s%n";

    /** By message, then by kind of smart host: the two verdicts. */
    private final Map<String, Map<Boolean, String[]>> rows = new LinkedHashMap<>();

    void add(String message, boolean eightBitMime, String ours, String theirs) {
        rows.computeIfAbsent(message, name -> new TreeMap<>()).put(eightBitMime, new String[] {ours, theirs});
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, LINE, "smart host", "8BITMIME", "", "7 bit only", ""));
        text.append(String.format(Locale.ROOT, LINE, "message", "ours", "DKIMSign", "ours", "DKIMSign"));
        rows.forEach((message, verdicts) -> text.append(String.format(
                Locale.ROOT,
                LINE,
                message,
                verdicts.get(true)[0],
                verdicts.get(true)[1],
                verdicts.get(false)[0],
                verdicts.get(false)[1])));
        return text.toString();
    }
}
