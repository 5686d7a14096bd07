package org.dkimproxy.sendermap.map;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A set of byte strings, each with a few numbers that belong to it. A member is named by an int that means nothing else.
 *
 * <p>A million members are held in some fifty arrays, which never grow, and one table. What belongs to a member lies in one place, so that finding it in so large a
 * set has to wait for memory twice, and not for each of its numbers.
 *
 * <p>Its hash has a random seed, so that strings from outside cannot be chosen to collide.
 */
public final class ByteStringTable {
    /** What {@link #find} returns for a string that is no member. */
    static final int NONE = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int MOST_SLOTS = 1 << 30;

    /** A member is the number of its block and its offset there, which has this many bits; only a member alone in its block is longer. */
    private static final int OFFSET_BITS = 20;

    private static final int MOST_BLOCKS = 1 << (Integer.SIZE - 1 - OFFSET_BITS);
    private static final int SMALLEST_BLOCK = 1 << 10;
    private static final int LARGEST_BLOCK = 1 << OFFSET_BITS;

    private final long seed = new SplittableRandom().nextLong();
    private final int headLength;
    /** Members one after another, each with its length in bytes, its numbers and its bytes. */
    private byte[][] blocks = new byte[4][];

    private int[] blockEnds = new int[4];
    private int blockCount;
    /** Open addressing: the hash in the upper half, the member plus one in the lower; 0 is free. At most half of them are taken. */
    private long[] slots = new long[32];

    private int size;

    /** @param numbers how many belong to each member */
    ByteStringTable(int numbers) {
        headLength = (1 + numbers) * Integer.BYTES;
    }

    int size() {
        return size;
    }

    /** The string in {@code in} from {@code from} to {@code to}; {@link #NONE} if it is no member. */
    int find(byte[] in, int from, int to) {
        return (int) slots[slotOf(in, from, to, hash(in, from, to))] - 1;
    }

    /** The string in {@code in} from {@code from} to {@code to}, which becomes a member, with zeros for its numbers, if it is none. */
    int add(byte[] in, int from, int to) {
        int hash = hash(in, from, to);
        int slot = slotOf(in, from, to, hash);
        if (slots[slot] != 0) {
            return (int) slots[slot] - 1;
        }
        int member = append(in, from, to);
        slots[slot] = (long) hash << 32 | (member + 1);
        size++;
        if (size > slots.length / 2 && slots.length < MOST_SLOTS) {
            grow();
        }
        return member;
    }

    /** A number of a member; {@code which} is counted from 0. */
    int number(int member, int which) {
        return (int) INT.get(block(member), offset(member) + (1 + which) * Integer.BYTES);
    }

    /** Changes a number of a member. */
    void setNumber(int member, int which, int number) {
        INT.set(block(member), offset(member) + (1 + which) * Integer.BYTES, number);
    }

    /** The member as text. */
    String text(int member) {
        return new String(block(member), offset(member) + headLength, length(member), UTF_8);
    }

    /** All members in the order of their coming. */
    IntStream members() {
        return IntStream.iterate(0, this::next).limit(size);
    }

    private int next(int member) {
        int end = offset(member) + headLength + length(member);
        int block = member >>> OFFSET_BITS;
        return end < blockEnds[block] ? block << OFFSET_BITS | end : (block + 1) << OFFSET_BITS;
    }

    private byte[] block(int member) {
        return blocks[member >>> OFFSET_BITS];
    }

    private static int offset(int member) {
        return member & (LARGEST_BLOCK - 1);
    }

    private int length(int member) {
        return (int) INT.get(block(member), offset(member));
    }

    private int append(byte[] in, int from, int to) {
        int length = to - from;
        int needed = Math.addExact(headLength, length);
        int last = blockCount - 1;
        if (last < 0 || needed > blocks[last].length - blockEnds[last]) {
            last = addBlock(needed);
        }
        int offset = blockEnds[last];
        INT.set(blocks[last], offset, length);
        System.arraycopy(in, from, blocks[last], offset + headLength, length);
        blockEnds[last] = offset + needed;
        return last << OFFSET_BITS | offset;
    }

    private int addBlock(int needed) {
        if (blockCount == MOST_BLOCKS) {
            throw new OutOfMemoryError("a map with over 2 GiB of keys");
        }
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * blockCount);
            blockEnds = Arrays.copyOf(blockEnds, 2 * blockCount);
        }
        int before = blockCount == 0 ? 0 : blocks[blockCount - 1].length;
        int usual = Math.clamp(2L * before, SMALLEST_BLOCK, LARGEST_BLOCK);
        blocks[blockCount] = new byte[Math.max(needed, usual)];
        return blockCount++;
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
        int member = (int) slot - 1;
        int begin = offset(member) + headLength;
        return Arrays.equals(block(member), begin, begin + length(member), in, from, to);
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
        long rest = 0;
        for (; i < to; i++) {
            rest = rest << Byte.SIZE | Byte.toUnsignedInt(in[i]);
        }
        return (int) (mix(hash ^ rest) >>> 16);
    }

    private static long mix(long hash) {
        long product = hash * MULTIPLIER;
        return product ^ product >>> 32;
    }
}
