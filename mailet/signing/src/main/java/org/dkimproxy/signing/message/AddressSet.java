package org.dkimproxy.signing.message;

import java.util.Locale;
import java.util.Optional;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.jspecify.annotations.Nullable;

/** The addresses of one field, reduced to what matters: the first one, and one whose domain stands for all. */
final class AddressSet {
    private @Nullable Address first;
    /** The first address of those with the shortest domain. */
    private @Nullable Address highest;

    private String highestDomain = "";
    /** The labels at the end that the domains of all addresses share, lower case. */
    private String commonDomain = "";

    void add(Address address) {
        String domain = DomainNames.toALabels(address.domain())
                .orElseGet(() -> address.domain().toLowerCase(Locale.ROOT));
        merge(address, address, domain, domain);
    }

    void addAll(AddressSet other) {
        Address otherFirst = other.first;
        Address otherHighest = other.highest;
        if (otherFirst != null && otherHighest != null) {
            merge(otherFirst, otherHighest, other.highestDomain, other.commonDomain);
        }
    }

    private void merge(Address otherFirst, Address otherHighest, String otherHighestDomain, String otherCommonDomain) {
        if (first == null) {
            first = otherFirst;
            highest = otherHighest;
            highestDomain = otherHighestDomain;
            commonDomain = otherCommonDomain;
            return;
        }
        if (otherHighestDomain.length() < highestDomain.length()) {
            highest = otherHighest;
            highestDomain = otherHighestDomain;
        }
        commonDomain = commonParent(commonDomain, otherCommonDomain);
    }

    boolean isEmpty() {
        return first == null;
    }

    /** The first address. */
    Optional<Address> first() {
        return Optional.ofNullable(first);
    }

    /** The first address whose domain equals, or is the parent of, the domains of all others; empty if there is none. */
    Optional<Address> common() {
        return highestDomain.equals(commonDomain) ? Optional.ofNullable(highest) : Optional.empty();
    }

    private static String commonParent(String left, String right) {
        int atLeft = left.length();
        int atRight = right.length();
        int begin = left.length();
        while (atLeft > 0 && atRight > 0 && left.charAt(atLeft - 1) == right.charAt(atRight - 1)) {
            atLeft--;
            atRight--;
            if (left.charAt(atLeft) == '.') {
                begin = atLeft + 1;
            }
        }
        boolean isWholeLabel =
                (atLeft == 0 || left.charAt(atLeft - 1) == '.') && (atRight == 0 || right.charAt(atRight - 1) == '.');
        return left.substring(isWholeLabel ? atLeft : begin);
    }
}
