package org.dkimproxy.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** RFC 6376 section 3.2; where lines break is what dkimproxy 1.4 writes. */
class FoldedFieldTest {

    @Test
    void a_short_field_is_one_line() {
        FoldedField field = new FoldedField("X").tag("v", "1").listTag("h", List.of("from", "to"));
        assertThat(field.withoutSignature()).isEqualTo("X: v=1; h=from:to; b=");
        assertThat(field.withSignature("abc=")).isEqualTo("X: v=1; h=from:to; b=abc=");
    }

    /** {@code Signed-By: a=} takes 13 columns, and a tab reaches to column 8. */
    @Test
    void a_line_breaks_where_the_next_piece_would_pass_column_72() {
        assertThat(ofTags("v".repeat(59))).as("full").isEqualTo("Signed-By: a=" + "v".repeat(59) + "; b=");
        assertThat(ofTags("v".repeat(60)))
                .as("after an equals sign")
                .isEqualTo("Signed-By: a=\r\n\t" + "v".repeat(60) + "; b=");
        assertThat(ofTags("v".repeat(54), "w"))
                .as("full with two tags")
                .isEqualTo("Signed-By: a=" + "v".repeat(54) + "; a=w; b=");
        assertThat(ofTags("v".repeat(55), "w"))
                .as("after the second equals sign")
                .isEqualTo("Signed-By: a=" + "v".repeat(55) + "; a=\r\n\tw; b=");
        assertThat(ofTags("v".repeat(56), "w"))
                .as("before a tag")
                .isEqualTo("Signed-By: a=" + "v".repeat(56) + ";\r\n\t a=w; b=");
        assertThat(ofTags("v".repeat(59), "w"))
                .as("the semicolon stays with its value")
                .isEqualTo("Signed-By: a=\r\n\t" + "v".repeat(59) + "; a=w; b=");
        assertThat(new FoldedField("Signed-By")
                        .listTag("h", List.of("f".repeat(50), "to", "subject"))
                        .withoutSignature())
                .as("before a colon")
                .isEqualTo("Signed-By: h=" + "f".repeat(50) + ":to\r\n\t:subject; b=");
        assertThat(new FoldedField("Signed-By").base64Tag("bh", "h".repeat(62)).withoutSignature())
                .as("in base64")
                .isEqualTo("Signed-By: bh=" + "h".repeat(58) + "\r\n\thhhh; b=");
        FoldedField signed = new FoldedField("Signed-By").tag("a", "v".repeat(48));
        signed.withoutSignature();
        assertThat(signed.withSignature("s".repeat(73)))
                .as("in the signature")
                .isEqualTo("Signed-By: a=" + "v".repeat(48) + "; b=" + "s".repeat(7) + "\r\n\t" + "s".repeat(64)
                        + "\r\n\tss");
    }

    private static String ofTags(String... values) {
        FoldedField field = new FoldedField("Signed-By");
        for (String value : values) {
            field.tag("a", value);
        }
        return field.withoutSignature();
    }

    @Test
    void a_value_longer_than_a_line_is_not_broken_and_no_line_is_empty() {
        String longest = "v".repeat(400);
        String field = new FoldedField("DKIM-Signature")
                .tag("d", longest)
                .tag("s", longest)
                .listTag("h", List.of(longest, longest))
                .withoutSignature();
        assertThat(field.split("\r\n\t", -1)).noneMatch(String::isBlank);
        assertThat(field.replace("\r\n\t", ""))
                .isEqualTo(
                        "DKIM-Signature: d=" + longest + "; s=" + longest + "; h=" + longest + ":" + longest + "; b=");
    }

    @Test
    void any_field_unfolds_to_its_text_and_has_only_lines_that_fit() {
        Random random = new Random(72);
        for (int i = 0; i < 2_000; i++) {
            List<String> names = new ArrayList<>();
            IntStream.rangeClosed(0, random.nextInt(40)).forEach(n -> names.add("n".repeat(1 + random.nextInt(30))));
            String domain = "d".repeat(1 + random.nextInt(60));
            String hash = "h".repeat(random.nextInt(50));
            String signature = "s".repeat(random.nextInt(400));
            FoldedField field = new FoldedField("DKIM-Signature")
                    .tag("v", "1")
                    .tag("d", domain)
                    .listTag("h", names)
                    .base64Tag("bh", hash);
            String unsigned = field.withoutSignature();
            String whole = field.withSignature(signature);
            assertThat(whole).startsWith(unsigned);
            assertThat(whole.replace("\r\n\t", ""))
                    .isEqualTo("DKIM-Signature: v=1; d=" + domain + "; h=" + String.join(":", names) + "; bh=" + hash
                            + "; b=" + signature);
            String[] lines = whole.split("\r\n", -1);
            for (int line = 0; line < lines.length; line++) {
                // only "; b=" is put where it comes
                int columns = line == 0 ? lines[line].length() : lines[line].length() - 1 + 8;
                assertThat(columns).isLessThanOrEqualTo(lines[line].contains("; b=") ? 76 : 72);
                assertThat(lines[line]).isNotBlank();
            }
        }
    }
}
