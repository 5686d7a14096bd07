package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.dkimproxy.signing.MessageSummary;
import org.dkimproxy.signing.SigningOutcome;
import org.junit.jupiter.api.Test;

class RepliesTest {
    @Test
    void reason_cannot_break_out_of_its_reply() {
        SigningOutcome.Failed failed = new SigningOutcome.Failed(
                SigningOutcome.Kind.PERMANENT, "From \"a\r\n250 ok\" \u00e4", MessageSummary.UNKNOWN);

        assertThat(Replies.of(failed).lines()).containsExactly("550 DKIM - permerror (From \"a??250 ok\" ?)");
    }

    @Test
    void long_reason_is_cut() {
        SigningOutcome.Failed failed =
                new SigningOutcome.Failed(SigningOutcome.Kind.TEMPORARY, "x".repeat(5000), MessageSummary.UNKNOWN);

        assertThat(Replies.of(failed).lines().getFirst()).hasSizeLessThan(510);
    }
}
