package org.dkimproxy.sendermap.map;

import java.util.Optional;
import org.dkimproxy.sendermap.text.Ascii;

/** The local part of an address as it stands there, a quoted one with its quotes (RFC 5322 section 3.4.1). */
public final class LocalPart {
    private static final String ATOM_PUNCTUATION = "!#$%&'*+-/=?^_`{|}~.";

    private LocalPart() {}

    /** The local part without what begins at its first plus sign, quoted again if it needs it; nothing if there is no plus sign. */
    static Optional<String> withoutExtension(String localPart) {
        boolean quoted = localPart.length() >= 2 && localPart.startsWith("\"") && localPart.endsWith("\"");
        if (localPart.indexOf('+') < 0) {
            return Optional.empty();
        }
        if (!quoted) {
            return Optional.of(localPart.substring(0, localPart.indexOf('+')));
        }
        String meaning = unquoted(localPart);
        String base = meaning.substring(0, meaning.indexOf('+'));
        return Optional.of(needsQuotes(base) ? quoted(base) : base);
    }

    private static String unquoted(String localPart) {
        StringBuilder meaning = new StringBuilder(localPart.length());
        int end = localPart.length() - 1;
        for (int i = 1; i < end; i++) {
            boolean escape = localPart.charAt(i) == '\\' && i + 1 < end;
            meaning.append(localPart.charAt(escape ? ++i : i));
        }
        return meaning.toString();
    }

    private static boolean needsQuotes(String meaning) {
        return !meaning.chars()
                .allMatch(c -> Ascii.isLetter(c) || Ascii.isDigit(c) || c >= 0x80 || ATOM_PUNCTUATION.indexOf(c) >= 0);
    }

    private static String quoted(String meaning) {
        return "\"" + meaning.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
