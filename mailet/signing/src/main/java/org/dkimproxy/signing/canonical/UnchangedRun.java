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
    private static final long LFS = EACH * '\n';

    private UnchangedRun() {}

    /**
     * The end of the run of text that begins at {@code from} and that relaxed body canonicalization leaves alone.
     *
     * <p>It ends before a tab, before a blank that another blank or a CR follows, before a CR that follows a line end (an
     * empty line), and before a blank or CR with which the chunk ends, since what follows it is not yet known.
     *
     * @param from index of an octet that is neither blank nor CR
     * @return more than {@code from}
     */
    static int endInRelaxedBody(byte[] buffer, int from, int end) {
        int at = from;
        for (; at + 9 <= end; at += 8) {
            long here = (long) WORD.get(buffer, at);
            long next = (long) WORD.get(buffer, at + 1);
            long changed = equal(here, TABS)
                    | (equal(here, BLANKS) & (equal(next, BLANKS) | equal(next, TABS) | equal(next, CRS)))
                    | (equal(here, LFS) & equal(next, CRS)) << 8;
            if (changed != 0) {
                return at + (Long.numberOfTrailingZeros(changed) >>> 3);
            }
            if (equalTop(here, '\n') && equalTop(next, '\r')) {
                return at + 8;
            }
        }
        return endOctetwise(buffer, from, at, end);
    }

    private static int endOctetwise(byte[] buffer, int from, int start, int end) {
        for (int at = start; at < end; at++) {
            byte octet = buffer[at];
            boolean last = at + 1 == end;
            boolean stops = switch (octet) {
                case '\t' -> true;
                case ' ' -> last || isBlankOrCr(buffer[at + 1]);
                case '\r' -> last || (at > from && buffer[at - 1] == '\n');
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

    private static boolean equalTop(long word, char octet) {
        return word >>> 56 == octet;
    }

    /** The high bit of each octet of {@code word} that equals the octet of {@code pattern}; exact, no carries between octets. */
    private static long equal(long word, long pattern) {
        long difference = word ^ pattern;
        return ~(((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS);
    }
}
