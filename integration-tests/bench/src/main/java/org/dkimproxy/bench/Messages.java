package org.dkimproxy.bench;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Messages as people and programs send them: a dozen header fields, and text in lines of varied length. */
final class Messages {
    private static final String HEADER = """
            Received: from client.example.org (client.example.org [192.0.2.7])\r
            \tby mail.example.org (Postfix) with ESMTPSA id 4Xyz123abc\r
            \tfor <bob@example.net>; Mon, 23 Nov 2026 09:00:00 +0000 (UTC)\r
            From: Alice Example <alice@example.org>\r
            To: Bob <bob@example.net>, Carol <carol@example.com>\r
            Subject: Minutes of the meeting, and what remains to be done\r
            Date: Mon, 23 Nov 2026 09:00:00 +0000\r
            Message-ID: <20261123090000.1234@example.org>\r
            MIME-Version: 1.0\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Transfer-Encoding: 8bit\r
            User-Agent: Example/1.0\r
            """;
    private static final long FIELDS_OF_HEADER =
            HEADER.lines().filter(line -> !line.startsWith("\t")).count();

    /** Short, since a header of 100,000 fields that is signed has 1 MiB at most. */
    private static final String FIELD = "X-A: b\r\n";

    private static final int SHORTEST_WORD = 2;
    private static final int WORD_SPREAD = 9;
    private static final int LONGEST_LINE = 72;
    private static final int LINES_OF_PARAGRAPH = 6;
    private static final int LETTERS = 26;
    private static final int RAGGED_BLANK = 9;
    private static final int SHORTEST_RAGGED_LINE = 20;
    private static final int RAGGED_LINE_SPREAD = 56;

    private Messages() {}

    /** A message of about this many octets, the same for each run: paragraphs of words with one blank between two. */
    static byte[] ofSize(int octets) {
        StringBuilder text = begin(octets);
        appendProse(text, octets);
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * The same with two blanks together, or one at the end of a line, every 76 octets on average, as in indented text. Each
     * of them is a change that relaxed canonicalization makes.
     */
    static byte[] raggedOfSize(int octets) {
        StringBuilder text = begin(octets);
        appendRagged(text, octets);
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A message with so many header fields, ten or more, and a body of one line. */
    static byte[] ofFields(int count) {
        String text = HEADER + FIELD.repeat((int) (count - FIELDS_OF_HEADER)) + "\r\nHello.\r\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static StringBuilder begin(int octets) {
        return new StringBuilder(octets + 200).append(HEADER).append("\r\n");
    }

    private static void appendProse(StringBuilder text, int octets) {
        Random random = new Random(1);
        for (int line = 1; text.length() < octets - 2; line++) {
            int end = Math.min(octets - 2, text.length() + LONGEST_LINE);
            while (text.length() < end) {
                for (int i = SHORTEST_WORD + random.nextInt(WORD_SPREAD); i > 0; i--) {
                    text.append(letter(random));
                }
                text.append(' ');
            }
            text.setLength(text.length() - 1);
            text.append(line % LINES_OF_PARAGRAPH == 0 ? ".\r\n\r\n" : "\r\n");
        }
    }

    private static void appendRagged(StringBuilder text, int octets) {
        Random random = new Random(1);
        while (text.length() < octets - 2) {
            int end = Math.min(octets - 2, text.length() + SHORTEST_RAGGED_LINE + random.nextInt(RAGGED_LINE_SPREAD));
            while (text.length() < end) {
                text.append(random.nextInt(RAGGED_BLANK) == 0 ? ' ' : letter(random));
            }
            text.append("\r\n");
        }
    }

    private static char letter(Random random) {
        return (char) ('a' + random.nextInt(LETTERS));
    }
}
