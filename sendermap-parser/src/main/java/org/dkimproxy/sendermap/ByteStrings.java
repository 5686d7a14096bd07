package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A set of byte strings that numbers its members from 0 in the order of their coming. A million of them are held in three arrays.
 *
 * <p>Its hash has a random seed, so that nobody who has a say in the strings can choose ones that collide.
 */
final class ByteStrings {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int MOST_SLOTS = 1 << 30;

    private final long seed = new SplittableRandom().nextLong();
    private byte[] bytes = new byte[256];
    private int[] ends = new int[16];
    /** Open addressing: the hash in the upper half, the number plus one in the lower; 0 is free. At most half of them are taken. */
    private long[] slots = new long[32];

    private int size;

    int size() {
        return size;
    }

    /** The number of the string in {@code in} from {@code from} to {@code to}; -1 if it is no member. */
    int find(byte[] in, int from, int to) {
        return (int) slots[slotOf(in, from, to, hash(in, from, to))] - 1;
    }

    /** The number of the string in {@code in} from {@code from} to {@code to}, which becomes a member if it is none. */
    int add(byte[] in, int from, int to) {
        int hash = hash(in, from, to);
        int slot = slotOf(in, from, to, hash);
        if (slots[slot] != 0) {
            return (int) slots[slot] - 1;
        }
        int begin = begin(size);
        int end = Math.addExact(begin, to - from);
        bytes = end > bytes.length ? Arrays.copyOf(bytes, larger(bytes.length, end)) : bytes;
        ends = size == ends.length ? Arrays.copyOf(ends, larger(size, size + 1)) : ends;
        System.arraycopy(in, from, bytes, begin, to - from);
        ends[size++] = end;
        slots[slot] = slot(hash, size);
        if (size > slots.length / 2 && slots.length < MOST_SLOTS) {
            grow();
        }
        return size - 1;
    }

    /** The member of this number as text. */
    String text(int number) {
        return new String(bytes, begin(number), ends[number] - begin(number), UTF_8);
    }

    /** Gives back the room that was kept for more members. */
    void trim() {
        bytes = Arrays.copyOf(bytes, begin(size));
        ends = Arrays.copyOf(ends, size);
    }

    private int begin(int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    private static int larger(int length, int needed) {
        return (int) Math.max(needed, Math.min(Integer.MAX_VALUE - 8L, length + (length >> 1)));
    }

    private static long slot(int hash, int numberPlusOne) {
        return (long) hash << 32 | numberPlusOne;
    }

    /** The slot that holds the string, or the free one where it would be put. */
    private int slotOf(byte[] in, int from, int to, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0 && !holds(slots[slot], in, from, to, hash)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean holds(long slot, byte[] in, int from, int to, int hash) {
        if ((int) (slot >>> 32) != hash) {
            return false;
        }
        int number = (int) slot - 1;
        return Arrays.equals(bytes, begin(number), ends[number], in, from, to);
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        int mask = slots.length - 1;
        for (long entry : old) {
            if (entry != 0) {
                int slot = (int) (entry >>> 32) & mask;
                while (slots[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                slots[slot] = entry;
            }
        }
    }

    private int hash(byte[] in, int from, int to) {
        long hash = seed ^ (to - from);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONG.get(in, i));
        }
        for (; i < to; i++) {
            hash = mix(hash ^ in[i]);
        }
        return (int) (mix(hash) >>> 16);
    }

    private static long mix(long hash) {
        long product = hash * MULTIPLIER;
        return product ^ product >>> 32;
    }
}
