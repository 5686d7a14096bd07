package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dkimproxy.signing.DkimSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code compat dkimproxy-1.4} against Mail::DKIM with the same key: the same fields, byte for byte.
 *
 * <p>Left out are the messages that we refuse on purpose ({@link Mail.Trait#REFUSED}): RFC 6376 section 5.4 forbids to sign
 * without From, and of two authors nobody knows which one a reader will see.
 */
class CompatIT {
    private static final String DOMAIN = "example.org";
    private static final Path FROM_ROWS =
            Path.of("../mailet/signing/src/test/resources/org/dkimproxy/signing/message/from.tsv");
    private static final Pattern OCTET = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final List<String> METHODS = List.of(
            "simple",
            "relaxed",
            "nowsp",
            "simple/simple",
            "simple/relaxed",
            "relaxed/simple",
            "relaxed/relaxed",
            "nowsp/nowsp",
            "relaxed/nowsp");

    @TempDir
    static Path folder;

    private static TestKeys keys;

    @BeforeAll
    static void makeKeys() throws IOException, GeneralSecurityException {
        Requirements.mailDkim();
        keys = TestKeys.generate(folder);
    }

    private static Engine engine() {
        return Engine.configured()
                .with("compat", "dkimproxy-1.4")
                .with("keyfile", keys.rsaPkcs1File().toString());
    }

    private static List<SignatureKind> dkimKinds() {
        return Stream.of("rsa-sha1", "rsa-sha256")
                .flatMap(algorithm -> METHODS.stream().map(method -> SignatureKind.dkim(algorithm, method)))
                .toList();
    }

    private static List<SignatureKind> domainKeysKinds() {
        return List.of(SignatureKind.domainKeys("simple"), SignatureKind.domainKeys("nofws"));
    }

    private static List<ForeignSigner.Wanted> wanted(List<SignatureKind> kinds) {
        return kinds.stream()
                .map(kind -> ForeignSigner.Wanted.of(kind, DOMAIN, keys.rsaFile()))
                .toList();
    }

    /** A run of Mail::DKIM and the engine that is to write the same fields. */
    private record Job(Engine engine, List<ForeignSigner.Wanted> wanted) {}

    private static void assertSameFields(List<Mail> messages, Map<String, Job> jobs) throws IOException {
        Map<String, List<ForeignSigner.Wanted>> foreign = new LinkedHashMap<>();
        jobs.forEach((name, job) -> foreign.put(name, job.wanted()));
        Map<String, Map<String, List<String>>> expected =
                ForeignSigner.MAIL_DKIM.sign(messages, foreign, Files.createTempDirectory(folder, "compat"));
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, Job> job : jobs.entrySet()) {
            DkimSigner signer = job.getValue().engine().start();
            for (Mail mail : messages) {
                List<String> theirs = expected.get(mail.name()).get(job.getKey());
                assertThat(theirs).hasSameSizeAs(job.getValue().wanted());
                differences.addAll(differences(mail.name() + ", " + job.getKey(), theirs, Engine.fields(signer, mail)));
                compared += theirs.size();
            }
        }
        assertThat(differences).as("of " + compared + " fields").isEmpty();
    }

    private static List<String> differences(String where, List<String> theirs, List<String> ours) {
        if (theirs.size() != ours.size()) {
            return List.of(where + ": they write " + theirs.size() + " fields, we " + ours.size());
        }
        return IntStream.range(0, theirs.size())
                .filter(i -> !theirs.get(i).equals(ours.get(i)))
                .mapToObj(i -> where + ":\n  theirs " + visible(theirs.get(i)) + "\n  ours   " + visible(ours.get(i)))
                .toList();
    }

    private static String visible(String field) {
        return field.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t");
    }

    private static List<Mail> someMessages() {
        List<String> names = List.of("ordinary", "resent-twice", "list-fields", "two-subjects");
        return MessageSet.signable().stream()
                .filter(mail -> names.contains(mail.name()))
                .toList();
    }

    @Test
    void the_usual_dkim_methods_give_the_same_field_on_every_message() throws IOException {
        List<SignatureKind> kinds = List.of(
                SignatureKind.dkim("rsa-sha1", "relaxed"),
                SignatureKind.dkim("rsa-sha256", "simple/simple"),
                SignatureKind.dkim("rsa-sha256", "relaxed/relaxed"));
        Engine engine = engine().with("domain", DOMAIN).signing(keys, kinds);
        assertSameFields(MessageSet.signable(), Map.of("dkim", new Job(engine, wanted(kinds))));
    }

    @Test
    @Tag("long")
    void every_dkim_algorithm_and_method_gives_the_same_field_on_every_message() throws IOException {
        Engine engine = engine().with("domain", DOMAIN).signing(keys, dkimKinds());
        assertSameFields(MessageSet.signable(), Map.of("dkim", new Job(engine, wanted(dkimKinds()))));
    }

    /** The fields of the engine's own table, and those that name nobody: a single domain signs them all. */
    @Test
    void every_from_field_that_people_write_gives_the_same_field() throws IOException {
        List<Mail> messages = new ArrayList<>();
        for (String row : Files.readAllLines(FROM_ROWS).stream().skip(1).toList()) {
            String[] columns = row.split("\t", -1);
            String sender = columns[1].equals("-") ? "" : "Sender: " + columns[1] + "\r\n";
            messages.add(written("row-" + messages.size(), "From: " + columns[0] + "\r\n" + sender));
        }
        messages.add(written("empty", "From:\r\n"));
        messages.add(
                written("two-senders", "From: a@example.org\r\nSender: b@example.org\r\nSender: c@example.org\r\n"));
        Engine engine = engine().with("domain", DOMAIN).signing(keys, dkimKinds());
        assertSameFields(messages, Map.of("dkim", new Job(engine, wanted(dkimKinds()))));
    }

    private static Mail written(String name, String fields) {
        String octets = OCTET.matcher(fields)
                .replaceAll(
                        octet -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octet.group(1), 16))));
        return Mail.of(name, octets + MessageSet.SUBJECT + MessageSet.DATE + "\r\n" + MessageSet.BODY);
    }

    @Test
    void every_domainkeys_method_gives_the_same_field_on_every_message() throws IOException {
        Engine engine = engine().with("domain", DOMAIN).signing(keys, domainKeysKinds());
        List<Mail> messages = MessageSet.signable().stream()
                .filter(mail -> !mail.is(Mail.Trait.FOREIGN_AUTHOR))
                .toList();
        assertSameFields(messages, Map.of("domainkeys", new Job(engine, wanted(domainKeysKinds()))));
    }

    @Test
    void several_signatures_of_both_types_come_in_the_configured_order() throws IOException {
        List<SignatureKind> kinds = List.of(
                SignatureKind.dkim("rsa-sha256", "relaxed"),
                SignatureKind.domainKeys("nofws"),
                SignatureKind.dkim("rsa-sha1", "simple/relaxed"));
        Engine engine = engine().with("domain", DOMAIN).signing(keys, kinds);
        assertSameFields(someMessages(), Map.of("mixed", new Job(engine, wanted(kinds))));
    }

    @Test
    void the_defaults_are_the_old_ones() throws IOException {
        Engine plain = engine().with("domain", DOMAIN).with("selector", "sel");
        ForeignSigner.Wanted dkim =
                new ForeignSigner.Wanted(SignatureKind.dkim("rsa-sha1", "relaxed"), "sel", DOMAIN, "", keys.rsaFile());
        ForeignSigner.Wanted domainKeys =
                new ForeignSigner.Wanted(SignatureKind.domainKeys("nofws"), "sel", DOMAIN, "", keys.rsaFile());
        Map<String, Job> jobs = new LinkedHashMap<>();
        jobs.put("no signature option", new Job(plain, List.of(dkim)));
        jobs.put("bare dkim", new Job(plain.with("signature", "dkim"), List.of(dkim)));
        jobs.put("bare domainkeys", new Job(plain.with("signature", "domainkeys"), List.of(domainKeys)));
        jobs.put(
                "both",
                new Job(plain.with("signature", "dkim").with("signature", "domainkeys"), List.of(dkim, domainKeys)));
        assertSameFields(someMessages(), jobs);
    }

    @Test
    void long_selectors_fold_at_the_same_places() throws IOException {
        List<SignatureKind> kinds =
                List.of(SignatureKind.dkim("rsa-sha256", "relaxed/relaxed"), SignatureKind.domainKeys("nofws"));
        Map<String, Job> jobs = new LinkedHashMap<>();
        for (int length = 1; length <= 150; length += length < 80 ? 1 : 7) {
            String selector = labels(length);
            Engine engine = engine().with("domain", DOMAIN).with("selector", selector);
            List<ForeignSigner.Wanted> wanted = new ArrayList<>();
            for (SignatureKind kind : kinds) {
                String method = "(c=" + kind.method() + (kind.type().equals("dkim") ? ",a=rsa-sha256)" : ")");
                engine = engine.with("signature", kind.type() + method);
                wanted.add(new ForeignSigner.Wanted(kind, selector, DOMAIN, "", keys.rsaFile()));
            }
            jobs.put("selector of " + length, new Job(engine, wanted));
        }
        assertSameFields(someMessages(), jobs);
    }

    @Test
    void long_domains_fold_at_the_same_places() throws IOException {
        SignatureKind kind = SignatureKind.dkim("rsa-sha1", "simple");
        Map<String, Job> jobs = new LinkedHashMap<>();
        for (int length = 1; length <= 200; length += length < 80 ? 1 : 11) {
            String domain = labels(length) + ".example.org";
            Engine engine = engine().with("domain", domain)
                    .with("selector", "s")
                    .with("signature", "dkim(c=simple,a=rsa-sha1)");
            jobs.put(
                    "domain of " + length,
                    new Job(engine, List.of(new ForeignSigner.Wanted(kind, "s", domain, "", keys.rsaFile()))));
        }
        assertSameFields(someMessages(), jobs);
    }

    @Test
    void a_specification_keeps_the_case_of_its_domain_and_selector() throws IOException {
        SignatureKind kind = SignatureKind.dkim("rsa-sha256", "relaxed");
        Engine engine = engine().with("domain", DOMAIN)
                .with("signature", "dkim(c=relaxed,a=rsa-sha256,d=Example.ORG,s=Sel.2026A)");
        List<ForeignSigner.Wanted> wanted =
                List.of(new ForeignSigner.Wanted(kind, "Sel.2026A", "Example.ORG", "", keys.rsaFile()));
        assertSameFields(someMessages(), Map.of("upper case", new Job(engine, wanted)));
    }

    @Test
    void identities_are_encoded_and_folded_the_same() throws IOException {
        List<String> locals = List.of(
                "",
                "joe",
                "joe smith",
                " joe",
                "joe\\ smith",
                "a=b",
                "\"quoted (x) <y>\"",
                "!#%&'*+-/?^_`{|}~",
                "a,b:c",
                "two  blanks",
                "l".repeat(64),
                "w ".repeat(30) + "w");
        SignatureKind kind = SignatureKind.dkim("rsa-sha256", "relaxed");
        Map<String, Job> jobs = new LinkedHashMap<>();
        for (String local : locals) {
            for (String host : List.of("example.org", "Mail.Example.org", "very.deep.sub.domain.example.org")) {
                String identity = local + "@" + host;
                Engine engine = engine().with("domain", DOMAIN)
                        .with("selector", "s")
                        .with("identity", identity)
                        .with("signature", "dkim(c=relaxed,a=rsa-sha256)");
                jobs.put(
                        "identity " + identity,
                        new Job(
                                engine,
                                List.of(new ForeignSigner.Wanted(kind, "s", DOMAIN, identity, keys.rsaFile()))));
            }
        }
        assertSameFields(someMessages(), jobs);
    }

    /** Host name labels, in all this many characters. */
    private static String labels(int length) {
        StringBuilder labels = new StringBuilder();
        while (labels.length() < length) {
            int left = length - labels.length();
            int label = Math.min(left, left == 41 ? 39 : 40);
            labels.append("abcdefghijklmnopqrstuvwxyz0123456789abcdefgh", 0, label);
            if (labels.length() < length - 1) {
                labels.append('.');
            }
        }
        return labels.toString();
    }
}
