package org.dkimproxy.sendermap;

import java.net.IDN;
import java.util.Optional;

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
        StringBuilder name = new StringBuilder(domain.length());
        int begin = 0;
        while (begin <= domain.length()) {
            int dot = domain.indexOf('.', begin);
            int end = dot < 0 ? domain.length() : dot;
            String label = toALabel(domain.substring(begin, end));
            if (!isLabel(label)) {
                return Optional.empty();
            }
            name.append(begin == 0 ? "" : ".").append(label);
            begin = end + 1;
        }
        return name.length() > LONGEST_NAME ? Optional.empty() : Optional.of(name.toString());
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

    /** The label in lower-case US-ASCII, or an empty text where there is no such form. */
    private static String toALabel(String label) {
        if (Ascii.isAscii(label)) {
            return Ascii.lower(label);
        }
        if (label.codePoints().anyMatch(DomainNames::isAmbiguous)) {
            return "";
        }
        try {
            return Ascii.lower(IDN.toASCII(label, 0));
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

    private static boolean isLabel(String label) {
        return !label.isEmpty()
                && label.length() <= LONGEST_LABEL
                && label.charAt(0) != '-'
                && label.charAt(label.length() - 1) != '-'
                && hasLabelCharactersOnly(label);
    }

    private static boolean hasLabelCharactersOnly(String label) {
        for (int i = 0; i < label.length(); i++) {
            if (!isLabelCharacter(label.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isLabelCharacter(int c) {
        return Ascii.isLetter(c) || Ascii.isDigit(c) || c == '-' || c == '_';
    }
}
