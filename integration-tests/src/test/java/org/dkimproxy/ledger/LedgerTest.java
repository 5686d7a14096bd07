package org.dkimproxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ledger tells each thing that must not be. */
class LedgerTest {
    private static final String TAKEN = "250 2.0.0 " + LedgerRelay.taken("one") + "\r\n";
    private static final String SENDER = "<one@" + Letter.DOMAIN + ">";

    private final Ledger ledger = new Ledger();
    private final Letter letter = Letter.of("one", 50, new Random(1));

    @BeforeEach
    void send() {
        ledger.sent(letter);
    }

    @Test
    void what_was_sent_signed_and_acknowledged_is_right() {
        ledger.dotSent(letter);
        ledger.received(SENDER, with("DKIM-Signature: v=1;\r\n b=x\r\nReceived: by us\r\n"))
                .acknowledge();
        ledger.answered(letter, TAKEN);

        assertThat(ledger.violations()).isEmpty();
        assertThat(ledger.totals()).isEqualTo(new Totals(1, 1, 0, 0, 0, 0, 0, 0, 1));
    }

    @Test
    void acknowledged_before_the_relay_did() {
        ledger.dotSent(letter);
        ledger.received(SENDER, letter.octets());
        ledger.answered(letter, TAKEN);

        assertThat(ledger.violations()).containsExactly("one: acknowledged to the client, not by the relay");
        assertThat(ledger.violationsOfQueue())
                .containsExactly("one: lost: taken by the queue, and never accepted by the relay");
    }

    @Test
    void acknowledged_with_a_reply_to_something_else() {
        ledger.dotSent(letter);
        ledger.received(SENDER, letter.octets()).acknowledge();
        ledger.answered(letter, "250 ok\r\n");

        assertThat(ledger.violations()).containsExactly("one: acknowledged with the reply for another: 250 ok\r\n");
    }

    @Test
    void doubled() {
        ledger.dotSent(letter);
        ledger.received(SENDER, letter.octets()).acknowledge();
        ledger.received(SENDER, letter.octets()).acknowledge();

        assertThat(ledger.violations()).containsExactly("one: doubled: sent once, got 2 times");
        assertThat(ledger.violationsOfQueue())
                .as("its dot had left when the first copy broke off")
                .isEmpty();
    }

    @Test
    void doubled_though_its_acceptance_was_heard() {
        Copy first = ledger.received(SENDER, letter.octets());
        first.acknowledge();
        first.follow();
        ledger.received(SENDER, letter.octets()).acknowledge();

        assertThat(ledger.violationsOfQueue())
                .containsExactly("one: doubled: sent again after its acceptance was heard");
    }

    @Test
    void delivered_without_its_dot() {
        ledger.received(SENDER, letter.octets());

        assertThat(ledger.violations()).containsExactly("one: delivered, though its dot had not left the client");
    }

    @Test
    void refused_and_delivered() {
        ledger.dotSent(letter);
        ledger.received(SENDER, letter.octets());
        ledger.answered(letter, "552 5.3.4 too large\r\n");

        assertThat(ledger.violations())
                .containsExactly("one: refused by the proxy and delivered all the same: 552 5.3.4 too large\r\n");
    }

    @Test
    void lost_after_the_dot_it_may_be_there() {
        ledger.dotSent(letter);
        ledger.received(SENDER, letter.octets());
        ledger.answered(letter, "451 4.4.2 lost\r\n");

        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void changed_or_truncated() {
        byte[] octets = letter.octets();
        String text = new String(octets, StandardCharsets.US_ASCII);
        Stream.of(
                        text.substring(0, text.length() - 2),
                        text.replace("From: ", "From:  "),
                        text + "x",
                        "X-More: field\r\n" + text)
                .forEach(changed -> {
                    ledger.clear();
                    ledger.sent(letter);
                    ledger.dotSent(letter);
                    ledger.received(SENDER, changed.getBytes(StandardCharsets.US_ASCII));
                    assertThat(ledger.violations()).as(changed).containsExactly("one: changed or truncated on its way");
                });
    }

    @Test
    void of_nobody_or_with_the_envelope_of_another() {
        ledger.received(SENDER, "hello\r\n".getBytes(StandardCharsets.US_ASCII));
        ledger.dotSent(letter);
        ledger.received("<two@x>", letter.octets());

        assertThat(ledger.violations())
                .containsExactly(
                        "the relay got a message that nobody sent, of 7 octets from " + SENDER,
                        "one: the relay got it with the envelope of another: <two@x>");
    }

    @Test
    void a_settled_letter_must_not_come_again() {
        ledger.dotSent(letter);
        ledger.received(SENDER, letter.octets()).acknowledge();
        ledger.answered(letter, TAKEN);
        ledger.settle(List.of(letter));
        assertThat(ledger.violations()).isEmpty();
        ledger.received(SENDER, letter.octets());

        assertThat(ledger.violations()).hasSize(1);
    }

    private byte[] with(String fields) {
        return (fields + new String(letter.octets(), StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
    }
}
