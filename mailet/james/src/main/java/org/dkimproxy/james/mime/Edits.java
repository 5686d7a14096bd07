package org.dkimproxy.james.mime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Stretches of a message that are to be replaced. Whatever lies in none of them stays octet for octet. */
public final class Edits {
    private final byte[] message;
    private final List<Edit> edits = new ArrayList<>();

    private static final class Edit {
        private final int begin;
        private final int end;
        private final byte[] replacement;

        Edit(int begin, int end, byte[] replacement) {
            this.begin = begin;
            this.end = end;
            this.replacement = replacement;
        }
    }

    /**
     * No edits yet.
     *
     * @param message not to be changed by others until {@link #apply}
     */
    public Edits(byte[] message) {
        this.message = message;
    }

    /** Replaces the octets from {@code begin} to {@code end}, which must not overlap with another edit. */
    public void replace(int begin, int end, byte[] replacement) {
        edits.add(new Edit(begin, end, replacement));
    }

    /** Replaces by text in US-ASCII. */
    public void replace(int begin, int end, String replacement) {
        replace(begin, end, replacement.getBytes(StandardCharsets.US_ASCII));
    }

    /** Puts text in US-ASCII before the octet at {@code position}; after what was put there earlier. */
    public void insert(int position, String text) {
        replace(position, position, text);
    }

    /** Takes octets out. */
    public void remove(int begin, int end) {
        replace(begin, end, new byte[0]);
    }

    /** The message with all edits made; the same array if there are none. */
    public byte[] apply() {
        if (edits.isEmpty()) {
            return message;
        }
        edits.sort(Comparator.comparingInt(edit -> edit.begin));
        int growth = edits.stream()
                .mapToInt(edit -> edit.replacement.length - (edit.end - edit.begin))
                .reduce(0, Math::addExact);
        ByteBuffer result = ByteBuffer.allocate(Math.addExact(message.length, growth));
        int copied = 0;
        for (Edit edit : edits) {
            result.put(message, copied, edit.begin - copied).put(edit.replacement);
            copied = edit.end;
        }
        return result.put(message, copied, message.length - copied).array();
    }
}
