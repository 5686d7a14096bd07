package org.dkimproxy.standalone.smtp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets through of a relay's EHLO reply (RFC 5321 section 4.1.1.1) only what can work through a proxy that reads and
 * changes messages: an allow-list, to be applied to the reply of each EHLO.
 *
 * <p>SIZE (RFC 1870) is lowered by the room that signature fields need, and to the proxy's own limit.
 */
public final class EhloFilter {
    /** Octets kept free below the relay's SIZE for signature fields. */
    public static final int SIGNATURE_ROOM = 8192;

    /** The keywords that pass, each with the octets by which it lengthens a command line at most. */
    private static final Map<String, Integer> PASSED = Map.ofEntries(
            Map.entry("8BITMIME", 17),
            Map.entry("SMTPUTF8", 10),
            Map.entry("DSN", 500),
            Map.entry("ENHANCEDSTATUSCODES", 0),
            Map.entry("DELIVERBY", 17),
            Map.entry("FUTURERELEASE", 34),
            Map.entry("MT-PRIORITY", 15),
            Map.entry("VRFY", 0),
            Map.entry("EXPN", 0),
            Map.entry("HELP", 0),
            Map.entry("ETRN", 0),
            Map.entry("XVERP", 20),
            Map.entry("LIMITS", 0),
            Map.entry("SIZE", 26),
            Map.entry("PIPELINING", 0),
            Map.entry("AUTH", 500),
            Map.entry("XCLIENT", 0),
            Map.entry("XFORWARD", 0));

    private static final Pattern KEYWORD_END = Pattern.compile("[ =]");
    private static final Pattern SIZE_VALUE = Pattern.compile("[0-9]{1,18}");

    private final long ownLimit;

    /** A filter with the proxy's own limit of a message in octets; 0 for none. */
    public EhloFilter(long ownLimit) {
        this.ownLimit = ownLimit;
    }

    /**
     * What becomes of a reply to EHLO.
     *
     * @param reply for the client
     * @param extensions for the proxy
     */
    public record Result(Reply reply, Extensions extensions) {}

    /** Filters a positive reply to EHLO. */
    public Result apply(Reply ehlo) {
        List<String> texts = ehlo.texts();
        List<String> kept = new ArrayList<>();
        kept.add(texts.getFirst());
        Set<String> seen = new HashSet<>();
        int commandLimit = CommandReader.PLAIN_LIMIT;
        long relayLimit = 0;
        for (String text : texts.subList(1, texts.size())) {
            String keyword = KEYWORD_END.split(text, 2)[0].toUpperCase(Locale.ROOT);
            Integer longer = PASSED.get(keyword);
            if (longer == null) {
                continue;
            }
            commandLimit += seen.add(keyword) ? longer : 0;
            if (keyword.equals("SIZE")) {
                relayLimit = sizeOf(text);
                kept.add(announced(relayLimit));
            } else {
                kept.add(text);
            }
        }
        return new Result(Reply.of(ehlo.code(), kept), new Extensions(commandLimit, relayLimit));
    }

    private String announced(long relayLimit) {
        long reduced = relayLimit == 0 ? 0 : Math.max(1, relayLimit - SIGNATURE_ROOM);
        return "SIZE " + Extensions.smaller(ownLimit, reduced);
    }

    private static long sizeOf(String text) {
        String value = text.substring("SIZE".length()).strip();
        return SIZE_VALUE.matcher(value).matches() ? Long.parseLong(value) : 0;
    }
}
