package org.dkimproxy.sendermap.dkim;

import java.net.IDN;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.text.Ascii;

/** Domain names as DKIM writes them: labels of US-ASCII, internationalised ones as A-labels (RFC 5890, RFC 8616). */
public final class DomainNames {
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 253;
    /** U-labels are shorter than their A-labels, save for what the mapping leaves out: room enough for any name. */
    private static final int LONGEST_TEXT = 1000;

    private DomainNames() {}

    /**
     * The domain in A-labels, in lower case; empty if it is no host name.
     *
     * <p>A label has 1 to 63 letters, digits, hyphens and underscores, no hyphen first or last; a name has at most 253 characters and no
     * dot at its end.
     *
     * <p>A label on whose A-label IDNA 2003 and IDNA 2008 disagree (sharp s, final sigma, zero width joiner and non-joiner, and all other characters
     * that IDNA 2003 leaves out) gives empty too, since it is better not to sign than to sign for another domain. So does one with letters that are newer
     * than IDNA 2003 (Unicode 3.2). Written as an A-label, such a name is fine.
     *
     * @param domain any text
     */
    public static Optional<String> toALabels(String domain) {
        if (domain.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        String labels = Ascii.isAscii(domain) ? Ascii.lower(domain) : inALabels(domain);
        return isHostName(labels) ? Optional.of(labels) : Optional.empty();
    }

    /**
     * Whether a domain equals another or lies under it, without regard to case.
     *
     * @param domain in A-labels
     * @param parent in A-labels; nothing lies under an empty one
     */
    public static boolean isWithin(String domain, String parent) {
        int begin = domain.length() - parent.length();
        if (parent.isEmpty() || begin < 0 || (begin > 0 && domain.charAt(begin - 1) != '.')) {
            return false;
        }
        for (int i = 0; i < parent.length(); i++) {
            if (Ascii.lower(domain.charAt(begin + i)) != Ascii.lower(parent.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Each label in lower-case US-ASCII; an empty one where there is no such form. */
    private static String inALabels(String domain) {
        return Arrays.stream(domain.split("\\.", -1)).map(DomainNames::toALabel).collect(Collectors.joining("."));
    }

    private static String toALabel(String label) {
        if (Ascii.isAscii(label)) {
            return Ascii.lower(label);
        }
        if (label.codePoints().anyMatch(DomainNames::isAmbiguous)) {
            return "";
        }
        try {
            String mapped = Ascii.lower(IDN.toASCII(label, 0));
            // an ideographic full stop, for one, becomes a dot
            return mapped.indexOf('.') < 0 ? mapped : "";
        } catch (IllegalArgumentException notInIdna2003) {
            return "";
        }
    }

    private static boolean isAmbiguous(int codePoint) {
        return codePoint == 0xDF
                || codePoint == 0x3C2
                || isLeftOut(codePoint)
                || Character.getType(codePoint) == Character.FORMAT
                || Character.getType(codePoint) == Character.SURROGATE;
    }

    /** RFC 3454 table B.1, save for those that are format characters. */
    private static boolean isLeftOut(int codePoint) {
        return codePoint == 0x34F
                || codePoint == 0x1806
                || (codePoint >= 0x180B && codePoint <= 0x180D)
                || (codePoint >= 0xFE00 && codePoint <= 0xFE0F);
    }

    private static boolean isHostName(String name) {
        int begin = 0;
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '.') {
                if (!isLabel(name, begin, i)) {
                    return false;
                }
                begin = i + 1;
            } else if (!isLabelCharacter(name.charAt(i))) {
                return false;
            }
        }
        return isLabel(name, begin, name.length()) && name.length() <= LONGEST_NAME;
    }

    /** Whether the characters of a label may stand together as one. */
    private static boolean isLabel(String name, int begin, int end) {
        return begin < end && end - begin <= LONGEST_LABEL && name.charAt(begin) != '-' && name.charAt(end - 1) != '-';
    }

    public static boolean isLabelCharacter(int c) {
        return Ascii.isLetter(c) || Ascii.isDigit(c) || c == '-' || c == '_';
    }
}
