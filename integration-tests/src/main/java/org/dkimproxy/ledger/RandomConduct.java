package org.dkimproxy.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** Conducts by chance: about half of them do nothing out of the ordinary. */
final class RandomConduct {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> VERBS =
            List.of("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".", ".", "RSET", "QUIT");
    private static final List<Cut.How> CUTS = List.of(Cut.How.CLOSE, Cut.How.RESET, Cut.How.HALF_CLOSE);
    private static final int OCTETS_OF_A_SESSION = 2500;
    private static final String MARK = " " + LedgerRelay.MARK + "\r\n";

    private static final List<Answer> REPLIES = List.of(
            new Answer.Octets("450 4.2.0 later" + MARK, false),
            new Answer.Octets("451-4.3.0 later" + MARK + "451 4.3.0 later" + MARK, false),
            new Answer.Octets("550 5.7.1 never" + MARK, false),
            new Answer.Octets("421 4.3.2 closing" + MARK, true),
            new Answer.Octets("421 4.3.2 closing" + MARK, false),
            new Answer.Octets("\u0000\u0001garbage\r\n", false),
            new Answer.Octets("2500 one digit too many\r\n", false),
            new Answer.Octets("250 a line without its CR\n", true),
            new Answer.Octets("250-a reply without its end\r\n", true),
            new Answer.Octets("250-two codes\r\n550 in one reply\r\n", false),
            new Answer.Octets("25", true),
            Answer.CLOSE,
            Answer.RESET);

    private RandomConduct() {}

    /** That of a client. */
    static Conduct ofClient(Random random) {
        return new Conduct(cut(random), pace(random), PATIENCE, _ -> Answer.ACCEPT, random.nextBoolean());
    }

    /** That of a relay. */
    static Conduct ofRelay(Random random) {
        return new Conduct(cut(random), pace(random), PATIENCE, answers(random), false);
    }

    private static Optional<Cut> cut(Random random) {
        if (random.nextInt(8) > 0) {
            return Optional.empty();
        }
        Cut.Direction direction = random.nextBoolean() ? Cut.Direction.SENT : Cut.Direction.RECEIVED;
        return Optional.of(
                new Cut(direction, random.nextInt(OCTETS_OF_A_SESSION), CUTS.get(random.nextInt(CUTS.size()))));
    }

    private static Pace pace(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> new Pace(1, 0);
            case 1 -> new Pace(random.nextInt(1, 50), random.nextInt(5));
            case 2 -> new Pace(Integer.MAX_VALUE, random.nextInt(20));
            default -> Pace.PLAIN;
        };
    }

    private static Function<String, Answer> answers(Random random) {
        if (random.nextInt(3) > 0) {
            return _ -> Answer.ACCEPT;
        }
        String chosen = VERBS.get(random.nextInt(VERBS.size()));
        Answer answer = random.nextInt(8) == 0
                ? new Answer.Silence(Duration.ofMillis(random.nextInt(300)))
                : REPLIES.get(random.nextInt(REPLIES.size()));
        return verb -> verb.equals(chosen) ? answer : Answer.ACCEPT;
    }
}
