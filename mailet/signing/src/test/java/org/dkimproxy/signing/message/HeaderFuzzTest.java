package org.dkimproxy.signing.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.dkimproxy.signing.canonical.HeaderCanonicalizer;
import org.dkimproxy.signing.canonical.OctetBuffer;

/** The header of any octets, in any cut: its fields, their canonical forms and its originator, against plain references. */
class HeaderFuzzTest {
    private static final Pattern FIELD = Pattern.compile("([!-9;-~]+)[ \t]*:(.*)", Pattern.DOTALL);

    @FuzzTest(maxDuration = "3s")
    @DictionaryEntries({
        "From:",
        "Sender: ",
        "\\x0d\\x0aFrom: ",
        "\\x0d\\x0aSender: ",
        "\\x0d\\x0a ",
        "\\x0d\\x0a\\x0d\\x0a",
        "<a@b>",
        "@example.org",
        "(\\\\)",
        "\\x22a\\x22",
        "=?utf-8?q?",
        "[127.0.0.1]",
        "<@a,@b:c@d>",
        "Group:;"
    })
    void any_octets_give_what_the_references_give(byte[] octets) {
        String message = new String(octets, ISO_8859_1);
        HeaderCollector collector = new HeaderCollector(1 << 20);
        int beginOfBody = collect(collector, octets);
        HeaderFields fields = collector.fields();

        assertThat(beginOfBody).isEqualTo(beginOfBody(message));
        List<String> groups = foldedLines(block(message));
        List<String> expected = groups.stream().filter(HeaderFuzzTest::isField).toList();
        assertThat(fields.inOrder()).map(HeaderFuzzTest::raw).isEqualTo(expected);
        assertThat(fields.defect().isEmpty()).isEqualTo(groups.stream().allMatch(HeaderFuzzTest::isSound));
        fields.inOrder().forEach(HeaderFuzzTest::assertCanonical);
        fields.inOrder().forEach(HeaderFuzzTest::assertSameAddresses);
        assertAtMostOneOriginator(fields, expected);
    }

    /** The tolerant reader finds what the reference finds, whatever RFC 5322 says of the field. */
    private static void assertSameAddresses(HeaderField field) {
        AddressSet found = TolerantAddressReader.read(field);
        String value = new String(field.block(), field.valueBegin(), field.end() - field.valueBegin(), ISO_8859_1);
        List<String> domains = ReferenceAddresses.of(value).stream()
                .map(address -> address.substring(address.lastIndexOf('@') + 1))
                .map(domain -> new String(domain.getBytes(ISO_8859_1), UTF_8))
                .toList();
        assertThat(found.first().map(Address::domain))
                .isEqualTo(domains.stream().findFirst());
        List<String> compared = domains.stream()
                .map(domain -> DomainNames.toALabels(domain).orElseGet(() -> domain.toLowerCase(Locale.ROOT)))
                .toList();
        Optional<String> common = domains.stream()
                .filter(parent -> compared.stream()
                        .allMatch(domain -> domain.equals(compared.get(domains.indexOf(parent)))
                                || domain.endsWith("." + compared.get(domains.indexOf(parent)))))
                .findFirst();
        assertThat(found.common().map(Address::domain)).isEqualTo(common);
    }

    /** Feeds the message in random pieces; the index where the body begins, or -1. */
    private static int collect(HeaderCollector collector, byte[] octets) {
        Random random = new Random(Arrays.hashCode(octets));
        for (int from = 0; from < octets.length; ) {
            int length = 1 + random.nextInt(Math.min(octets.length - from, 1 << random.nextInt(12)));
            int body = collector.update(octets, from, length);
            if (body != HeaderCollector.NOT_ENDED) {
                return body;
            }
            from += length;
        }
        collector.finish();
        return -1;
    }

    private static int beginOfBody(String message) {
        int end = message.indexOf("\r\n\r\n");
        return message.startsWith("\r\n") ? 2 : end < 0 ? -1 : end + 4;
    }

    private static String block(String message) {
        int body = beginOfBody(message);
        if (body >= 0) {
            return message.substring(0, body - 2);
        }
        boolean ended = message.isEmpty() || message.endsWith("\r\n");
        return ended ? message : message.endsWith("\r") ? message + "\n" : message + "\r\n";
    }

    /** Lines with those that continue them, without the last CRLF. */
    private static List<String> foldedLines(String block) {
        List<String> groups = new ArrayList<>();
        if (block.isEmpty()) {
            return groups;
        }
        for (String line : block.substring(0, block.length() - 2).split("\r\n", -1)) {
            boolean continues = !groups.isEmpty() && (line.startsWith(" ") || line.startsWith("\t"));
            groups.add(continues ? groups.removeLast() + "\r\n" + line : line);
        }
        return groups;
    }

    private static boolean isField(String group) {
        return FIELD.matcher(group).matches();
    }

    private static boolean isSound(String group) {
        String unfolded = group.replace("\r\n", "");
        return isField(group) && unfolded.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }

    private static String raw(HeaderField field) {
        return new String(field.block(), field.begin(), field.end() - field.begin(), ISO_8859_1);
    }

    /** RFC 6376 sections 3.4.1 and 3.4.2, RFC 4870 section 3.4.2.2. */
    private static void assertCanonical(HeaderField field) {
        String raw = raw(field);
        var parts = FIELD.matcher(raw);
        assertThat(parts.matches()).isTrue();
        String name = parts.group(1).toLowerCase(Locale.ROOT);
        String unfolded = parts.group(2).replaceAll("[\r\n]", "");
        String relaxed = unfolded.replaceAll("[ \t]+", " ").replaceAll("\\A | \\z", "");
        assertThat(field.name()).isEqualTo(name);
        assertThat(written(HeaderCanonicalizer.SIMPLE, field)).isEqualTo(raw);
        assertThat(written(HeaderCanonicalizer.RELAXED, field)).isEqualTo(name + ":" + relaxed);
        assertThat(written(HeaderCanonicalizer.NOWSP, field)).isEqualTo(name + ":" + unfolded.replaceAll("[ \t]", ""));
        assertThat(written(HeaderCanonicalizer.NOFWS, field)).isEqualTo(raw.replaceAll("[ \t\r\n]", ""));
    }

    private static String written(HeaderCanonicalizer canonicalizer, HeaderField field) {
        OctetBuffer out = new OctetBuffer();
        canonicalizer.write(field, out);
        return new String(out.array(), 0, out.size(), ISO_8859_1);
    }

    /** Who is known as originator stands in the one Sender field, else the one From field, and reads the same again. */
    private static void assertAtMostOneOriginator(HeaderFields fields, List<String> raw) {
        if (!(Originator.of(fields, Originator.Source.SENDER, Originator.Several.UNKNOWN)
                instanceof Originator.Known known)) {
            return;
        }
        assertThat(named(known.fromSender() ? "sender" : "from", raw)).hasSize(1);
        assertThat(named("sender", raw)).hasSizeLessThan(2);
        String written = known.address().toString();
        assertThat(written.chars()).noneMatch(c -> c < ' ' || c == 127);
        HeaderFields again = Headers.of("From: " + new String(written.getBytes(UTF_8), ISO_8859_1) + "\r\n");
        assertThat(Originator.of(again, Originator.Source.FROM, Originator.Several.UNKNOWN))
                .isEqualTo(new Originator.Known(known.address(), false));
        String source = named(known.fromSender() ? "sender" : "from", raw).getFirst();
        // before a dot at the end there may be white space
        String lastLabel = known.address().domain().replaceAll("\\.+\\z", "").replaceAll("\\A.*\\.", "");
        assertThat(new String(source.getBytes(ISO_8859_1), UTF_8)).contains(lastLabel);
    }

    private static List<String> named(String name, List<String> raw) {
        return raw.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).matches("(?s)" + name + "[ \t]*:.*"))
                .toList();
    }
}
