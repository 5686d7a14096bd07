package org.dkimproxy.ledger;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection that counts its octets and is cut where it was told to be. For one thread. */
final class Line implements Closeable {
    private static final int LONGEST = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final Optional<Cut> cut;
    private final Pace pace;
    private long sent;
    private long received;
    private final List<Long> borders = new ArrayList<>(List.of(0L));
    private boolean mute;

    /** What is thrown by the side that cut its own connection. */
    static final class CutException extends IOException {
        private static final long serialVersionUID = 1L;

        CutException() {
            super("cut as planned");
        }
    }

    Line(Socket socket, Optional<Cut> cut, Pace pace, Duration patience) throws IOException {
        this.socket = socket;
        this.cut = cut;
        this.pace = pace;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
        in = new BufferedInputStream(socket.getInputStream());
    }

    long sent() {
        return sent;
    }

    long received() {
        return received;
    }

    /** How many octets had been sent before and after each command or reply. */
    List<Long> borders() {
        return List.copyOf(borders);
    }

    /** Sends octets; returns whether all of them left. */
    boolean send(byte[] octets) throws IOException {
        cutIfDue(Cut.Direction.SENT, sent);
        if (mute) {
            return false;
        }
        pause();
        long room = cut.filter(due -> due.direction() == Cut.Direction.SENT)
                .map(due -> due.octet() - sent)
                .orElse(Long.MAX_VALUE);
        int count = (int) Math.min(room, octets.length);
        for (int from = 0; from < count; ) {
            int length = Math.min(pace.slice(), count - from);
            socket.getOutputStream().write(octets, from, length);
            from += length;
            sent += length;
        }
        if (count < octets.length) {
            cutIfDue(Cut.Direction.SENT, sent);
        }
        borders.add(sent);
        return count == octets.length;
    }

    /** The same for text of one char an octet. */
    boolean send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next line with its LF, one char an octet; empty at the end of what the peer sends. */
    Optional<String> next() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST) {
            // a cut after the last octet sent is due as soon as the peer is waited for
            cutIfDue(Cut.Direction.SENT, sent);
            cutIfDue(Cut.Direction.RECEIVED, received);
            int octet = in.read();
            if (octet < 0) {
                return Optional.empty();
            }
            received++;
            line.append((char) octet);
            if (octet == '\n') {
                return Optional.of(line.toString());
            }
        }
        throw new IOException("a line of more than " + LONGEST + " octets");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Ends the connection with an RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private void cutIfDue(Cut.Direction direction, long octets) throws IOException {
        if (mute || cut.isEmpty()) {
            return;
        }
        Cut due = cut.get();
        if (due.direction() != direction || octets < due.octet()) {
            return;
        }
        mute = true;
        switch (due.how()) {
            case CLOSE -> {
                close();
                throw new CutException();
            }
            case RESET -> {
                reset();
                throw new CutException();
            }
            case HALF_CLOSE -> socket.shutdownOutput();
            case STALL -> {
                // being mute is all
            }
        }
    }

    private void pause() throws IOException {
        if (pace.delayMillis() > 0) {
            try {
                Thread.sleep(pace.delayMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
