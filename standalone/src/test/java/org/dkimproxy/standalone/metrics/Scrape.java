package org.dkimproxy.standalone.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text format of Prometheus. */
public final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+(?:\\{.*})?) ([-+0-9.eE]+|NaN|\\+Inf)");

    private Scrape() {}

    /** Every sample of a text, by its name with its labels, as {@code name{label="value"}}. */
    public static Map<String, Double> of(String text) {
        Map<String, Double> samples = new TreeMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches() || samples.put(sample.group(1), number(sample.group(2))) != null) {
                throw new AssertionError("no sample, or one that was there before: " + line);
            }
        });
        return samples;
    }

    /**
     * What has moved since the start, apart from the process and from how long signing took: all that is not zero, the
     * prefix {@code dkimproxy_} taken away.
     */
    public static Map<String, Double> moved(PrometheusMetrics metrics) {
        Map<String, Double> moved = new TreeMap<>();
        of(metrics.scrape("").body()).forEach((name, value) -> {
            boolean counted = name.startsWith("dkimproxy_")
                    && !name.startsWith("dkimproxy_build_info")
                    && !name.startsWith("dkimproxy_signing_seconds_bucket")
                    && !name.startsWith("dkimproxy_signing_seconds_sum");
            if (counted && value != 0) {
                moved.put(name.substring("dkimproxy_".length()), value);
            }
        });
        return moved;
    }

    private static double number(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }
}
