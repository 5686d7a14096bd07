package org.dkimproxy.signing.canonical;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds how far octets pass through a canonicalization unchanged, eight at a time. */
final class UnchangedRun {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;
    private static final long EACH = 0x0101010101010101L;
    private static final long TABS = EACH * '\t';
    private static final long BLANKS = EACH * ' ';
    private static final long CRS = EACH * '\r';
    /** Carries into the high bit what is greater than a blank. */
    private static final long UP_FROM_BLANK = EACH * (0x7F - ' ');

    private UnchangedRun() {}

    /**
     * The end of the run that begins at {@code from} and that relaxed body canonicalization leaves alone, but for line ends
     * with which it may end.
     *
     * <p>It ends before a tab, before a blank that another blank, a tab or a CR follows, and before a blank or CR with which
     * the chunk ends, since what follows it is not yet known.
     *
     * @param from index of an octet that is neither blank nor CR
     * @return more than {@code from}
     */
    static int endInRelaxedBody(byte[] buffer, int from, int end) {
        int at = from;
        for (; at + 9 <= end; at += 8) {
            long here = (long) WORD.get(buffer, at);
            long next = (long) WORD.get(buffer, at + 1);
            long blanks = equal(here, BLANKS);
            long tabs = equal(here, TABS);
            // most blanks stand before a letter
            if (((blanks & lowest(next)) | tabs) != 0) {
                long changed = tabs | (blanks & (equal(next, BLANKS) | equal(next, TABS) | equal(next, CRS)));
                if (changed != 0) {
                    return at + (Long.numberOfTrailingZeros(changed) >>> 3);
                }
            }
        }
        return endOctetwise(buffer, at, end);
    }

    private static int endOctetwise(byte[] buffer, int start, int end) {
        for (int at = start; at < end; at++) {
            boolean last = at + 1 == end;
            boolean stops = switch (buffer[at]) {
                case '\t' -> true;
                case ' ' -> last || isBlankOrCr(buffer[at + 1]);
                case '\r' -> last;
                default -> false;
            };
            if (stops) {
                return at;
            }
        }
        return end;
    }

    private static boolean isBlankOrCr(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\r';
    }

    /** The high bit of each octet of {@code word} that equals the octet of {@code pattern}; exact, no carries between octets. */
    private static long equal(long word, long pattern) {
        long difference = word ^ pattern;
        return ~(((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS);
    }

    /** The high bit of each octet of {@code word} that is a blank or a control character below it. */
    private static long lowest(long word) {
        return ~(((word & LOW_BITS) + UP_FROM_BLANK) | word | LOW_BITS);
    }
}
