package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.jdkim.api.PublicKeyRecordRetriever;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.apache.james.jdkim.exceptions.TempFailException;
import org.apache.james.jdkim.impl.DNSPublicKeyRecordRetriever;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.PlannedSignature;
import org.dkimproxy.signing.key.PublishedKey;
import org.dkimproxy.standalone.net.HostPort;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;

/** Looks up the key record of each signature and compares it with the key that signs. */
final class KeyRecords {
    private static final int UNANSWERED_AT_MOST = 3;

    private final PublicKeyRecordRetriever retriever;
    private final String server;

    private KeyRecords(PublicKeyRecordRetriever retriever, String server) {
        this.retriever = retriever;
        this.server = server;
    }

    /**
     * Asks a server, or the system's.
     *
     * @throws IOException if the server's name is not known
     */
    static KeyRecords of(Optional<HostPort> server, Duration patience) throws IOException {
        Resolver resolver;
        if (server.isPresent()) {
            resolver = new SimpleResolver(server.get().host());
            resolver.setPort(server.get().port());
        } else {
            resolver = new ExtendedResolver();
        }
        resolver.setTimeout(patience);
        return new KeyRecords(
                new DNSPublicKeyRecordRetriever(resolver),
                server.map(HostPort::toString)
                        .orElseGet(() -> "of the system: "
                                + ResolverConfig.getCurrentConfig().servers().stream()
                                        .map(String::valueOf)
                                        // name, slash, address and port
                                        .map(text -> text.substring(text.indexOf('/') + 1))
                                        .collect(Collectors.joining(", "))));
    }

    /** What is asked once, however many rules need it. */
    private record Question(
            String selector, String domain, Algorithm algorithm, Path keyFile, Optional<PublishedKey> key) {
        String name() {
            return selector + "._domainkey." + domain;
        }
    }

    /** Checks them all; after three questions in a row without an answer the rest is left. */
    void check(Stream<PlannedSignature> signatures, CheckReport report) {
        Set<Question> questions = new LinkedHashSet<>();
        signatures.forEach(signature -> {
            if (signature.domain().isPresent()) {
                questions.add(new Question(
                        signature.selector(),
                        signature.domain().get(),
                        signature.algorithm(),
                        signature.keyFile(),
                        signature.publishedKey()));
            } else {
                report.note("selector " + signature.selector() + " of the rule " + signature.rule()
                        + ": not checked, since d= depends on the message");
            }
        });
        int asked = 0;
        int unanswered = 0;
        for (Question question : questions) {
            if (unanswered == UNANSWERED_AT_MOST) {
                report.problem(
                        Severity.WARNING,
                        (questions.size() - asked) + " more records not looked up, since the DNS does not answer");
                return;
            }
            unanswered = check(question, report) ? 0 : unanswered + 1;
            asked++;
        }
    }

    /** Returns whether there was an answer. */
    private boolean check(Question question, CheckReport report) {
        List<String> records;
        boolean isDoubled;
        try {
            records = records(question.selector(), question.domain());
            isDoubled = records.isEmpty()
                    && !records(question.selector(), question.domain() + "." + question.domain())
                            .isEmpty();
        } catch (TempFailException e) {
            report.problem(
                    Severity.WARNING,
                    question.name() + ": no answer from the DNS server " + server + ": " + e.getMessage());
            return false;
        } catch (PermFailException e) {
            report.problem(Severity.ERROR, question.name() + ": not a name in the DNS: " + e.getMessage());
            return true;
        }
        if (question.key().isEmpty()) {
            report.problem(
                    Severity.WARNING,
                    question.name() + ": not compared, since " + question.keyFile() + " lacks the public exponent");
            return true;
        }
        KeyRecordVerdict verdict = KeyRecordVerdict.of(records, question.key().get(), question.algorithm());
        String doubled = isDoubled
                ? ", but one at " + question.name() + "." + question.domain()
                        + ": end the name with a dot in the zone file"
                : "";
        String publish = verdict.severity().equals(Optional.of(Severity.ERROR))
                ? "; publish: "
                        + ZoneLine.of(question.name(), question.key().get().record())
                : "";
        String text =
                question.name() + ": " + verdict.text() + doubled + " (key file " + question.keyFile() + ")" + publish;
        verdict.severity().ifPresentOrElse(severity -> report.problem(severity, text), () -> report.note(text));
        return true;
    }

    private List<String> records(String selector, String domain) throws TempFailException, PermFailException {
        // the dot at the end keeps the resolver from trying the domains of its search list
        return retriever.getRecords("dns/txt", selector, domain + ".");
    }
}
