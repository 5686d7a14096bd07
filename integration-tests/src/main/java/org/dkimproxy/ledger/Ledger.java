package org.dkimproxy.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What became of every letter, as both ends saw it. Thread-safe. {@link #violations} is asked when nothing is under way
 * any more.
 */
public final class Ledger {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final LongAdder settled = new LongAdder();
    private final LongAdder settledSigned = new LongAdder();

    /** The client is about to send this letter. */
    void sent(Letter letter) {
        if (entries.putIfAbsent(letter.id(), new Entry(letter)) != null) {
            throw new IllegalArgumentException("two letters with the id " + letter.id());
        }
    }

    /** The last octet of the letter's end of data has left the client. */
    void dotSent(Letter letter) {
        entry(letter).dotSent();
    }

    /** The client heard a whole reply where that to the letter's end of data was due. */
    void answered(Letter letter, String reply) {
        entry(letter).answered(reply);
    }

    /** Something else that must not be. */
    void fault(String what) {
        faults.add(what);
    }

    /**
     * The relay has a message whole, with its end of data.
     *
     * @param sender the argument of its MAIL command
     * @param data without dot-stuffing
     */
    Copy received(String sender, byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        String id = text.lines()
                .filter(line -> line.startsWith(Letter.FIELD))
                .findFirst()
                .map(line -> line.substring(Letter.FIELD.length()))
                .orElse("");
        Entry entry = entries.get(id);
        if (entry == null) {
            fault("the relay got a message that nobody sent, of " + data.length + " octets from " + sender);
            return new Copy(id, false, false);
        }
        byte[] expected = entry.letter().octets();
        boolean intact = data.length >= expected.length
                && Arrays.equals(data, data.length - expected.length, data.length, expected, 0, expected.length)
                && isTrace(text.substring(0, data.length - expected.length));
        if (!sender.contains("<" + id + "@")) {
            fault(id + ": the relay got it with the envelope of another: " + sender);
        }
        Copy copy = new Copy(id, intact, text.startsWith("DKIM-Signature:"));
        entry.copies().add(copy);
        return copy;
    }

    /** Whether this is no more than whole fields that are put before a message on its way. */
    private static boolean isTrace(String before) {
        boolean field = false;
        for (String line : before.split("(?<=\n)", -1)) {
            if (line.startsWith("DKIM-Signature:") || line.startsWith("Received:")) {
                field = true;
            } else if (!line.isEmpty() && !(field && (line.startsWith(" ") || line.startsWith("\t")))) {
                return false;
            }
        }
        return before.isEmpty() || before.endsWith("\r\n");
    }

    /** All that must not be and is, where a client sends each letter once and straight to the proxy. */
    public List<String> violations() {
        return all(Entry::violations);
    }

    /** The same where a queue before the proxy took the letters and sends each until it is accepted. */
    public List<String> violationsOfQueue() {
        return all(Entry::violationsOfQueue);
    }

    private List<String> all(Function<Entry, List<String>> rule) {
        return Stream.concat(faults.stream(), entries.values().stream().flatMap(entry -> rule.apply(entry).stream()))
                .toList();
    }

    /** How many letters have not come to the relay so far. */
    long waiting() {
        return entries.values().stream()
                .filter(entry -> entry.copies().isEmpty())
                .count();
    }

    /**
     * Forgets letters of a session that came to its end, if all is right with them, so that a long run needs no memory for
     * them. Should one of them come to the relay again, it is one that nobody sent.
     */
    void settle(List<Letter> letters) {
        for (Letter letter : letters) {
            Entry entry = entry(letter);
            if (entry.isAcknowledged() && entry.violations().isEmpty()) {
                entries.remove(letter.id());
                settled.increment();
                if (entry.copies().stream().anyMatch(Copy::isSigned)) {
                    settledSigned.increment();
                }
            }
        }
    }

    /** Begins anew; for when nothing is under way. */
    void clear() {
        entries.clear();
        faults.clear();
    }

    /** How many letters came to which end. */
    public Totals totals() {
        List<Entry> all = List.copyOf(entries.values());
        return new Totals(
                settled.sum() + all.size(),
                settled.sum() + count(all, Entry::isAcknowledged),
                count(all, entry -> entry.answer().filter(Ledger::isOfRelay).isPresent() && !entry.isAcknowledged()),
                count(
                        all,
                        entry -> entry.answer()
                                        .filter(reply -> !isOfRelay(reply))
                                        .isPresent()
                                && !entry.isAcknowledged()),
                count(all, entry -> entry.answer().isEmpty() && entry.hasSentDot()),
                count(all, entry -> !entry.hasSentDot() && entry.answer().isEmpty()),
                count(
                        all,
                        entry -> !entry.isAcknowledged()
                                && entry.copies().stream().anyMatch(Copy::isAcknowledged)),
                all.stream()
                        .mapToLong(entry -> Math.max(0, entry.copies().size() - 1))
                        .sum(),
                settledSigned.sum()
                        + all.stream()
                                .flatMap(entry -> entry.copies().stream())
                                .filter(Copy::isSigned)
                                .count());
    }

    private static long count(List<Entry> all, Predicate<Entry> which) {
        return all.stream().filter(which).count();
    }

    static boolean isOfRelay(String reply) {
        return reply.contains(LedgerRelay.MARK);
    }

    private Entry entry(Letter letter) {
        return Optional.ofNullable(entries.get(letter.id())).orElseThrow();
    }
}
