package org.dkimproxy.james;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import org.dkimproxy.signing.LineEndings;

/**
 * A message in an array, with room before it, so that a large one need not be copied when its signatures are put on top.
 *
 * <p>Has one owner at a time; the array is not to be changed but by {@link #signed}.
 */
final class MessageOctets {
    /** Enough for several signatures by long keys. */
    private static final int ROOM = 8 * 1024;

    private final byte[] array;
    private final int begin;

    private MessageOctets(byte[] array, int begin) {
        this.array = array;
        this.begin = begin;
    }

    /** A message that has no room yet. */
    static MessageOctets of(byte[] message) {
        return new MessageOctets(message, 0);
    }

    /**
     * A message as James would send it now.
     *
     * <p>Where a mailet has changed its header, the first attempt updates the other fields, which fails in James 3.8 for a
     * Content-Type that JavaMail cannot parse. The message counts as updated then, and a second attempt writes it.
     *
     * @param size what its size is, or a guess
     */
    static MessageOctets written(MimeMessage message, long size) throws MessagingException, IOException {
        try {
            return writtenOnce(message, size);
        } catch (MessagingException notUpdated) {
            try {
                return writtenOnce(message, size);
            } catch (MessagingException | IOException notWritten) {
                notWritten.addSuppressed(notUpdated);
                throw notWritten;
            }
        }
    }

    private static MessageOctets writtenOnce(MimeMessage message, long size) throws MessagingException, IOException {
        Buffer buffer = new Buffer(size);
        message.writeTo(buffer);
        return buffer.octets();
    }

    /** The header and the empty line after it, for which James does not read the body. */
    static MessageOctets header(MimeMessage message) throws MessagingException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        for (Enumeration<String> lines = message.getAllHeaderLines(); lines.hasMoreElements(); ) {
            header.writeBytes((lines.nextElement() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        header.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        return of(header.toByteArray()).withCrlf();
    }

    /** The array that holds it, from {@link #begin} to its end. */
    byte[] array() {
        return array;
    }

    /** Index of its first octet. */
    int begin() {
        return begin;
    }

    /** Its size. */
    int length() {
        return array.length - begin;
    }

    /** This message in another array, equal up to {@link #begin}. */
    MessageOctets in(byte[] other) {
        return new MessageOctets(other, begin);
    }

    /** The message with CRLF at the end of every line; nearly always this one. */
    MessageOctets withCrlf() {
        if (hasOnlyCrlf()) {
            return this;
        }
        Buffer settled = new Buffer(length() + length() / 32);
        LineEndings lineEndings = new LineEndings();
        lineEndings.update(array, begin, length(), settled::write);
        lineEndings.finish(settled::write);
        return settled.octets();
    }

    private boolean hasOnlyCrlf() {
        boolean afterCr = false;
        boolean lineOpen = false;
        for (int i = begin; i < array.length; i++) {
            if (afterCr != (array[i] == '\n')) {
                return false;
            }
            afterCr = array[i] == '\r';
            lineOpen = array[i] != '\n';
        }
        return !lineOpen;
    }

    /** The message with signatures on top, in this array where they find room; this one is not to be used any more. */
    MessageOctets signed(byte[] signatures) {
        int top = begin - signatures.length;
        byte[] octets = array;
        if (top < 0) {
            octets = new byte[Math.addExact(signatures.length, length())];
            System.arraycopy(array, begin, octets, signatures.length, length());
            top = 0;
        }
        System.arraycopy(signatures, 0, octets, top, signatures.length);
        return new MessageOctets(octets, top);
    }

    /** Reads it, without copying what a message is made of. */
    InputStream stream() {
        return new SharedByteArrayInputStream(array, begin, length());
    }

    /** Begins with the room; is copied once more only if the size was a bad guess. */
    private static final class Buffer extends ByteArrayOutputStream {
        Buffer(long size) {
            super(Math.clamp(size + ROOM, ROOM, Integer.MAX_VALUE - ROOM));
            count = ROOM;
        }

        MessageOctets octets() {
            return new MessageOctets(count == buf.length ? buf : toByteArray(), ROOM);
        }
    }
}
