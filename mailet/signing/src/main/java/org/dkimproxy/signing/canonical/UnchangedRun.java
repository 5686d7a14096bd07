package org.dkimproxy.signing.canonical;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds how far octets pass through relaxed body canonicalization unchanged, many at a time.
 *
 * <p>The beginning of a run is copied while it is looked at: most runs of a text with many changes are short, and to copy them afterwards would cost as
 * much as to find them. A run that has become long is looked at in growing blocks.
 */
final class UnchangedRun {
    /** How much of a run is copied, in octets. */
    static final int COPIED = 128;

    /** A run as long as this, in octets, is looked at in blocks from there on. */
    static final int SHORTEST_BLOCK = 1024;

    /** A block with a change in it is looked at twice, so none is longer than this, in octets, or than the run before it. */
    static final int LONGEST_BLOCK = 8 * SHORTEST_BLOCK;

    private static final int FOUR_WORDS = 32;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = ~(EACH * 0x7F);
    private static final long LOW_BITS = EACH * 0x7F;
    private static final long TABS = EACH * '\t';
    private static final long BLANKS = EACH * ' ';
    /** Carries into the high bit what is greater than a blank. */
    private static final long UP_FROM_BLANK = EACH * (0x7F - ' ');

    private UnchangedRun() {}

    /**
     * The end of the run that begins at {@code from}, but for line ends with which it may end.
     *
     * <p>It ends before a tab, before a blank that another blank or a control character follows, and before a blank or CR with which
     * the chunk ends, since what follows it is not yet known.
     *
     * @param from index of an octet that is no blank, and no CR unless an octet follows it
     * @param copy gets a copy of a run of at most {@link #COPIED} octets; has room for these, for a run of any length
     * @param copyAt where in {@code copy}
     * @return more than {@code from}
     */
    static int end(byte[] buffer, int from, int end, byte[] copy, int copyAt) {
        int at = from;
        for (int shift = copyAt - from; end - at > 8 && at - from < COPIED; at += 8) {
            WORD.set(copy, at + shift, (long) WORD.get(buffer, at));
            long unchanged = unchanged(buffer, at) & HIGH_BITS;
            if (unchanged != HIGH_BITS) {
                return at + octetsBeforeChange(unchanged);
            }
        }
        at = passWords(buffer, at, from + Math.min(end - from, SHORTEST_BLOCK + FOUR_WORDS));
        at = passWords(buffer, passBlocks(buffer, from, at, end), end);
        for (; end - at > 8; at += 8) {
            long unchanged = unchanged(buffer, at) & HIGH_BITS;
            if (unchanged != HIGH_BITS) {
                return at + octetsBeforeChange(unchanged);
            }
        }
        int runEnd = endOctetwise(buffer, at, end);
        if (runEnd - from <= COPIED) {
            System.arraycopy(buffer, at, copy, copyAt + at - from, runEnd - at);
        }
        return runEnd;
    }

    /** The end of the blocks from {@code at} on that pass unchanged; {@code at} itself if the run is too short for any. */
    private static int passBlocks(byte[] buffer, int from, int at, int end) {
        int passed = at;
        while (true) {
            int block = Math.min(Math.min(passed - from, LONGEST_BLOCK), end - 1 - passed) & -8;
            if (block < SHORTEST_BLOCK || !isUnchangedBlock(buffer, passed, block)) {
                return passed;
            }
            passed += block;
        }
    }

    /** No exit from the loop, so that the compiler makes vector instructions of it. */
    private static boolean isUnchangedBlock(byte[] buffer, int from, int length) {
        long unchanged = HIGH_BITS;
        for (int i = 0; i < length; i += 8) {
            unchanged &= unchanged(buffer, from + i);
        }
        return unchanged == HIGH_BITS;
    }

    /** The end of what passes unchanged from {@code from} on, but for the last octets. */
    private static int passWords(byte[] buffer, int from, int end) {
        int at = from;
        for (; end - at > FOUR_WORDS; at += FOUR_WORDS) {
            long unchanged = unchanged(buffer, at)
                    & unchanged(buffer, at + 8)
                    & unchanged(buffer, at + 16)
                    & unchanged(buffer, at + 24);
            if ((unchanged & HIGH_BITS) != HIGH_BITS) {
                break;
            }
        }
        return at;
    }

    private static int endOctetwise(byte[] buffer, int start, int end) {
        for (int at = start; at < end; at++) {
            boolean last = at + 1 == end;
            boolean stops = switch (buffer[at]) {
                case '\t' -> true;
                case ' ' -> last || (buffer[at + 1] >= 0 && buffer[at + 1] <= ' ');
                case '\r' -> last;
                default -> false;
            };
            if (stops) {
                return at;
            }
        }
        return end;
    }

    /**
     * The high bit of each of the eight octets at {@code at} that is no tab, and no blank before a blank or a control character. The other bits mean nothing.
     * No sum carries into the next octet.
     */
    private static long unchanged(byte[] buffer, int at) {
        long here = (long) WORD.get(buffer, at);
        long next = (long) WORD.get(buffer, at + 1);
        long ascii = here & LOW_BITS;
        long noTab = (ascii ^ TABS) + LOW_BITS;
        long noBlank = (ascii ^ BLANKS) + LOW_BITS;
        long beforeText = next | ((next & LOW_BITS) + UP_FROM_BLANK);
        return here | (noTab & (noBlank | beforeText));
    }

    private static int octetsBeforeChange(long unchanged) {
        return Long.numberOfTrailingZeros(unchanged ^ HIGH_BITS) >>> 3;
    }
}
