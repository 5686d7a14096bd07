package org.dkimproxy.standalone.session;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A client in memory that has said all it has to say, in pieces of which each read gets one, and hangs up then. */
final class ScriptedClient implements Transport {
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private int used;

    ScriptedClient(List<byte[]> pieces) {
        pieces.stream().filter(piece -> piece.length > 0).forEach(this.pieces::add);
    }

    /** All that was said to it, one char an octet. */
    String heard() {
        return heard.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public int read(byte[] array, int offset, int length, int millis) {
        if (pieces.isEmpty()) {
            return -1;
        }
        byte[] piece = pieces.element();
        int count = Math.min(length, piece.length - used);
        System.arraycopy(piece, used, array, offset, count);
        used += count;
        if (used == piece.length) {
            pieces.remove();
            used = 0;
        }
        return count;
    }

    @Override
    public boolean hasInput() {
        return !pieces.isEmpty();
    }

    @Override
    public void write(byte[] array, int offset, int length) {
        heard.write(array, offset, length);
    }

    @Override
    public void endInput() {
        throw new UnsupportedOperationException("nothing waits here");
    }

    @Override
    public void endOutput() {
        // what was heard is all there is
    }

    @Override
    public InetAddress peer() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void close() {
        pieces.clear();
    }
}
