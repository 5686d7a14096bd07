package org.dkimproxy.sendermap.map;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.sendermap.text.Ascii;

/**
 * The keys of maps: addresses, domains, list ids and {@code .}. They are compared in lower case, the domain part in A-labels, as UTF-8.
 */
public final class MapKey {
    /** An address has at most 320 octets (RFC 5321 section 4.5.3.1); what is much longer can be found by no message. */
    static final int LONGEST = 1000;

    /** The form of a key is UTF-8, with at most three bytes a character, and A-labels. */
    static final int LONGEST_FORM = 4 * LONGEST;

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_DOMAIN = 253;

    private MapKey() {}

    /**
     * Puts a key into the form in which keys are compared, if that is plain to see.
     *
     * @param key holds the key from {@code begin} to {@code end}
     * @param form where the form is put; has room for the key
     * @return whether it was; if not, {@link #fault} and {@link #form} look more closely
     */
    static boolean isPlain(byte[] key, int begin, int end, byte[] form) {
        int beginOfDomain = 0;
        int beginOfLabel = 0;
        boolean plain = true;
        int length = end - begin;
        for (int i = 0; i < length; i++) {
            int c = Ascii.lower(key[begin + i]);
            form[i] = (byte) c;
            if (DomainNames.isLabelCharacter(c)) {
                continue;
            }
            if (c == '.') {
                plain &= isPlainLabel(form, beginOfLabel, i);
                beginOfLabel = i + 1;
            } else if (c == '@' && i > 0 && beginOfDomain == 0) {
                plain = true;
                beginOfDomain = i + 1;
                beginOfLabel = i + 1;
            } else if (c == '+' || c == '=') {
                plain = false;
            } else {
                return false;
            }
        }
        return plain && isPlainLabel(form, beginOfLabel, length) && length - beginOfDomain <= LONGEST_DOMAIN;
    }

    private static boolean isPlainLabel(byte[] form, int begin, int end) {
        return begin < end && end - begin <= LONGEST_LABEL && form[begin] != '-' && form[end - 1] != '-';
    }

    /**
     * Why nothing can match this key; empty if something can.
     *
     * @param listIds whether it is matched with list ids, which need not be host names
     */
    static Optional<String> fault(String key, boolean listIds) {
        if (key.equals(".")) {
            return Optional.empty();
        }
        if (key.length() > LONGEST) {
            return Optional.of("longer than " + LONGEST + " characters");
        }
        if (key.chars().anyMatch(Ascii::isControl)) {
            return Optional.of("a control character");
        }
        return addressFault(key).or(() -> domainFault(key, listIds));
    }

    private static Optional<String> addressFault(String key) {
        boolean quoted = false;
        int ats = 0;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                i = c == '\\' ? i + 1 : i;
            } else if (c == '<' || c == '>') {
                return Optional.of("written with \"<\" or \">\"");
            } else if (c == '@') {
                ats++;
            }
        }
        if (quoted) {
            return Optional.of("a quote that is not closed");
        }
        if (ats > 1) {
            return Optional.of("more than one \"@\"");
        }
        if (key.startsWith("@")) {
            return Optional.of("nothing before the \"@\"");
        }
        return key.endsWith("@") ? Optional.of("nothing after the \"@\"") : Optional.empty();
    }

    private static Optional<String> domainFault(String key, boolean listIds) {
        String domain = key.substring(key.lastIndexOf('@') + 1);
        if (domain.startsWith(".") || domain.endsWith(".") || domain.contains("..")) {
            return Optional.of("an empty label");
        }
        if (domain.startsWith("*.") || key.startsWith("*@")) {
            return Optional.of("\"*\" is no wildcard; a domain matches its addresses and what lies under it");
        }
        if (listIds || (domain.startsWith("[") && domain.endsWith("]"))) {
            return Optional.empty();
        }
        if (DomainNames.toALabels(domain).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(Ascii.isAscii(domain) ? "no host name" : "no host name; try A-labels, \"xn--...\"");
    }

    /** The form in which a key is compared. */
    static byte[] form(String key) {
        int at = key.lastIndexOf('@');
        return lower(key.substring(0, at + 1).concat(domainInALabels(key.substring(at + 1))));
    }

    /** The form in which a domain that is looked up is compared. */
    static byte[] domainForm(String domain) {
        byte[] form = domain.getBytes(UTF_8);
        return toLower(form) ? form : lower(domainInALabels(domain));
    }

    /** The form in which an address that is looked up is compared, from its local part and the form of its domain. */
    static byte[] addressForm(String localPart, byte[] domainForm) {
        byte[] local = localPart.getBytes(UTF_8);
        toLower(local);
        byte[] address = Arrays.copyOf(local, local.length + 1 + domainForm.length);
        address[local.length] = '@';
        System.arraycopy(domainForm, 0, address, local.length + 1, domainForm.length);
        return address;
    }

    private static String domainInALabels(String domain) {
        return Ascii.isAscii(domain) ? domain : DomainNames.toALabels(domain).orElse(domain);
    }

    private static byte[] lower(String text) {
        byte[] form = text.getBytes(UTF_8);
        toLower(form);
        return form;
    }

    /** Changes the letters of US-ASCII; returns whether there is nothing else. */
    private static boolean toLower(byte[] form) {
        int all = 0;
        for (int i = 0; i < form.length; i++) {
            int c = form[i];
            all |= c;
            form[i] = (byte) Ascii.lower(c);
        }
        return all >= 0;
    }
}
