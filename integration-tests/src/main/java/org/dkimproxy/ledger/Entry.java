package org.dkimproxy.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is known of one letter, and the rules that hold for it. */
final class Entry {
    /** The one refusal of the proxy after which the relay may have the message: it was lost after its dot. */
    private static final String LOST_AFTER_DOT = "451 4.4.2";

    private final Letter letter;
    private final List<Copy> copies = new CopyOnWriteArrayList<>();
    private volatile boolean dotSent;
    private volatile Optional<String> answer = Optional.empty();

    Entry(Letter letter) {
        this.letter = letter;
    }

    Letter letter() {
        return letter;
    }

    List<Copy> copies() {
        return copies;
    }

    void dotSent() {
        dotSent = true;
    }

    boolean hasSentDot() {
        return dotSent;
    }

    void answered(String reply) {
        answer = Optional.of(reply);
    }

    Optional<String> answer() {
        return answer;
    }

    boolean isAcknowledged() {
        return answer.filter(reply -> reply.startsWith("2")).isPresent();
    }

    /** What is wrong where the client sends the letter once, straight to the proxy. */
    List<String> violations() {
        List<String> found = new ArrayList<>(changed());
        if (copies.size() > 1) {
            found.add("doubled: sent once, got " + copies.size() + " times");
        }
        if (isAcknowledged()) {
            if (copies.stream().noneMatch(Copy::isAcknowledged)) {
                found.add("acknowledged to the client, not by the relay");
            }
            if (answer.filter(reply -> reply.contains(LedgerRelay.taken(letter.id())))
                    .isEmpty()) {
                found.add("acknowledged with the reply for another: " + answer.orElseThrow());
            }
        } else if (!copies.isEmpty()) {
            if (!dotSent) {
                found.add("delivered, though its dot had not left the client");
            }
            if (answer.filter(reply -> !Ledger.isOfRelay(reply) && !reply.startsWith(LOST_AFTER_DOT))
                    .isPresent()) {
                found.add("refused by the proxy and delivered all the same: " + answer.orElseThrow());
            }
        }
        return named(found);
    }

    /** What is wrong where a queue took the letter and sends it until it is accepted. */
    List<String> violationsOfQueue() {
        List<String> found = new ArrayList<>(changed());
        if (isAcknowledged() && copies.stream().noneMatch(Copy::isAcknowledged)) {
            found.add("lost: taken by the queue, and never accepted by the relay");
        }
        List<Copy> accepted = copies.stream().filter(Copy::isAcknowledged).toList();
        if (accepted.stream().limit(Math.max(0, accepted.size() - 1)).anyMatch(Copy::isFollowed)) {
            found.add("doubled: sent again after its acceptance was heard");
        }
        return named(found);
    }

    private List<String> changed() {
        return copies.stream().allMatch(Copy::isIntact) ? List.of() : List.of("changed or truncated on its way");
    }

    private List<String> named(List<String> found) {
        return found.stream().map(what -> letter.id() + ": " + what).toList();
    }
}
