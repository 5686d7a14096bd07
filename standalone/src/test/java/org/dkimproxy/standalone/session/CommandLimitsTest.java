package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dkimproxy.standalone.smtp.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLimitsTest {
    private final CommandLimits limits = new CommandLimits();

    @ParameterizedTest
    @CsvSource({
        // command, reply, how many a session may have, and how many under overload
        "NOOP,             250, 119, 1",
        "RSET,             250, 119, 1",
        "VRFY x,           252, 119, 1",
        "EHLO x,           250, 121, 3",
        "FOO,              502,  19, 0",
        "AUTH PLAIN x,     535,  19, 0",
        "MAIL FROM:<x>,    550,  19, 0",
        "DATA,             554,  19, 0",
        "NOOP,             421,  19, 0",
        "RCPT TO:<x>,      550, 999, 19",
        "RCPT TO:<x>,      250, 999, 999",
        "MAIL FROM:<x>,    250, 999, 999",
        "XFORWARD NAME=x,  250, 999, 999",
    })
    void a_session_may_have_this_many_in_a_row(String command, int reply, int maximum, int underOverload) {
        assertThat(mostOf(command, reply, false)).isEqualTo(maximum);
        assertThat(mostOf(command, reply, true)).isEqualTo(underOverload);
    }

    @Test
    void an_accepted_message_sets_the_counts_back() {
        for (int i = 0; i < 19; i++) {
            pass(limits, "FOO", 502);
        }
        limits.transactionFinished();
        pass(limits, "FOO", 502);

        assertThat(limits.areReached(false)).isFalse();
    }

    /** What Postfix sends on a connection that it uses again. */
    @Test
    void transactions_on_one_connection_are_in_order_under_overload() {
        pass(limits, "EHLO x", 250);
        for (int i = 0; i < 1000; i++) {
            for (String command :
                    List.of("RSET", "XFORWARD NAME=a", "XFORWARD PROTO=b", "MAIL FROM:<a>", "RCPT TO:<b>", "DATA")) {
                pass(limits, command, 250);
                assertThat(limits.areReached(true)).isFalse();
            }
            limits.transactionFinished();
        }
    }

    private static int mostOf(String command, int reply, boolean overload) {
        CommandLimits limits = new CommandLimits();
        int count = 0;
        while (count < 999) {
            pass(limits, command, reply);
            if (limits.areReached(overload)) {
                return count;
            }
            count++;
        }
        return count;
    }

    private static void pass(CommandLimits limits, String command, int reply) {
        limits.command(new Command((command + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII)).kind());
        limits.reply(reply);
    }
}
