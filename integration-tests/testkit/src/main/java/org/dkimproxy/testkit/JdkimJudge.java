package org.dkimproxy.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.PublicKeyRecordRetriever;
import org.apache.james.jdkim.api.Result;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.FailException;

/**
 * Verifies DKIM signatures (RFC 6376) with Apache James jDKIM, an implementation that shares no code with ours.
 *
 * <p>jDKIM 0.5 knows rsa-sha1 and rsa-sha256; an Ed25519 signature (RFC 8463) fails with its word that the algorithm is
 * unknown. Key records come from a map, never from the DNS. Thread-safe, immutable.
 */
public final class JdkimJudge {
    private final Map<String, String> records;

    /**
     * What jDKIM says of one DKIM-Signature field.
     *
     * @param domain its d= value; empty if it cannot be read
     * @param selector its s= value; empty if it cannot be read
     * @param passes whether the signature holds
     * @param text the verdict in words, one line
     */
    public record Judgement(String domain, String selector, boolean passes, String text) {}

    /**
     * A judge that knows these key records.
     *
     * @param records the text of a key record by its DNS name, {@code selector._domainkey.domain} without a final dot
     */
    public JdkimJudge(Map<String, String> records) {
        TreeMap<String, String> known = new TreeMap<>();
        records.forEach((name, text) -> known.put(name.toLowerCase(Locale.ROOT), text));
        this.records = known;
    }

    /**
     * Judges every DKIM-Signature field of a message.
     *
     * @param message raw octets with CRLF line ends, not dot-stuffed
     * @return in the order of the fields; empty if there is none
     * @throws IOException if jDKIM cannot read the message as a whole
     */
    public List<Judgement> judge(byte[] message) throws IOException {
        DKIMVerifier verifier = new DKIMVerifier(retriever());
        Optional<FailException> failure = Optional.empty();
        try {
            verifier.verify(new ByteArrayInputStream(message));
        } catch (FailException e) {
            failure = Optional.of(e);
        }
        List<Judgement> judgements = new ArrayList<>();
        for (Result result : verifier.getResults()) {
            judgements.add(judgement(result));
        }
        if (judgements.isEmpty() && failure.isPresent()) {
            throw new IOException(
                    "jDKIM cannot read the message: " + failure.get().getMessage(), failure.get());
        }
        return List.copyOf(judgements);
    }

    private static Judgement judgement(Result result) {
        SignatureRecord signature = result.getRecord();
        String domain = signature == null ? "" : String.valueOf(signature.getDToken());
        String selector = signature == null ? "" : String.valueOf(signature.getSelector());
        String problem = result.getErrorMessage();
        return new Judgement(
                domain,
                selector,
                result.isSuccess(),
                problem == null || problem.isBlank() ? String.valueOf(result.getResultType()) : problem);
    }

    private PublicKeyRecordRetriever retriever() {
        return (methodAndOption, selector, token) -> {
            String name = (selector + "._domainkey." + token).toLowerCase(Locale.ROOT);
            String text = records.get(name);
            return text == null ? List.of() : List.of(text);
        };
    }
}
