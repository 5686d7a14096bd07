package org.dkimproxy.signing.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The addresses of a field that does not parse, found with regular expressions; the plain reference of the tolerant reader. */
final class ReferenceAddresses {
    /** What stands for the octets of a quoted string. */
    private static final String QUOTED_BEGIN = "\uffff";

    private static final String QUOTED_REST = "\ufffe";
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"", Pattern.DOTALL);

    private static final Pattern BRACKETS = Pattern.compile("<[^>]*(>|\\z)");
    private static final Pattern WORD = Pattern.compile("(" + QUOTED_BEGIN + QUOTED_REST
            + "+(?=@))?[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\xff\\w!#$%&'*+/=?^`{|}~.@-]+");
    private static final Pattern ADDR_SPEC = Pattern.compile("([^@]+)@([^@\\x00-\\x20\\x7f]+)");

    private ReferenceAddresses() {}

    /** The addresses as local part, at sign and domain; each character is an octet. */
    static List<String> of(String value) {
        String shown = hidden(value).orElseGet(() -> value.replaceAll("[\"()]", " "));
        List<String> addresses = new ArrayList<>();
        // a bracket keeps commas together
        Matcher part =
                Pattern.compile("(<[^>]*(>|\\z)|[^,;:<])*", Pattern.DOTALL).matcher(shown);
        for (int at = 0; at <= shown.length(); at = part.end() + 1) {
            part.region(at, shown.length());
            part.lookingAt();
            List<String> inBrackets = new ArrayList<>();
            Matcher bracket = BRACKETS.matcher(shown).region(part.start(), part.end());
            while (bracket.find()) {
                inBrackets.addAll(words(shown, value, bracket.start(), bracket.end()));
            }
            addresses.addAll(inBrackets.isEmpty() ? words(shown, value, part.start(), part.end()) : inBrackets);
        }
        return addresses;
    }

    private static List<String> words(String shown, String value, int begin, int end) {
        List<String> addresses = new ArrayList<>();
        Matcher word = WORD.matcher(shown).region(begin, end);
        while (word.find()) {
            Matcher spec = ADDR_SPEC.matcher(word.group());
            boolean isAddress = spec.matches()
                    && isUtf8(spec.group(2))
                    && spec.group(1).length() + spec.group(2).length() <= 1000;
            String localPart = isAddress ? value.substring(word.start(), word.start() + spec.end(1)) : "";
            if (isAddress && isLocalPart(localPart)) {
                addresses.add(localPart + "@" + spec.group(2));
            }
        }
        return addresses;
    }

    /** A dot-atom, or a quoted string that is not empty, without control characters. */
    private static boolean isLocalPart(String text) {
        return text.startsWith("\"")
                ? text.matches("(?s)\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[^\\x00-\\x1f\\x7f]|[\r\n])*\"")
                        && !text.replaceAll("[\r\n]", "").equals("\"\"")
                : text.matches("[^\\x00-\\x20\\x7f\"]+");
    }

    private static boolean isUtf8(String octets) {
        try {
            UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(octets.getBytes(ISO_8859_1)));
            return true;
        } catch (CharacterCodingException other) {
            return false;
        }
    }

    /** The value with blanks for comments and stand-ins for quoted strings; empty if one of them does not end. */
    private static Optional<String> hidden(String value) {
        StringBuilder shown = new StringBuilder();
        Matcher quoted = QUOTED.matcher(value);
        while (shown.length() < value.length()) {
            int at = shown.length();
            int end = at + 1;
            if (value.charAt(at) == '"') {
                end = quoted.region(at, value.length()).lookingAt() ? quoted.end() : -1;
            } else if (value.charAt(at) == '(') {
                end = afterComment(value, at);
            }
            if (end < 0) {
                return Optional.empty();
            }
            shown.append(
                    switch (value.charAt(at)) {
                        case '"' -> QUOTED_BEGIN + QUOTED_REST.repeat(end - at - 1);
                        case '(' -> " ".repeat(end - at);
                        default -> value.substring(at, end);
                    });
        }
        return Optional.of(shown.toString());
    }

    private static int afterComment(String value, int begin) {
        for (int at = begin + 1; at < value.length(); at++) {
            switch (value.charAt(at)) {
                case ')' -> {
                    return at + 1;
                }
                case '(' -> {
                    int inner = afterComment(value, at);
                    if (inner < 0) {
                        return -1;
                    }
                    at = inner - 1;
                }
                case '\\' -> at++;
                default -> {
                    // part of the comment
                }
            }
        }
        return -1;
    }
}
