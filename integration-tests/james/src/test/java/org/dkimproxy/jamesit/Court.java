package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dkimproxy.interop.DnsRecords;
import org.dkimproxy.interop.ForeignVerifier;
import org.dkimproxy.interop.ScriptVerifier;
import org.dkimproxy.interop.Signed;
import org.dkimproxy.interop.Verdict;

/** What Mail::DKIM and dkimpy say of messages that arrived. */
final class Court {
    private static final List<ForeignVerifier> JUDGES = List.of(ScriptVerifier.MAIL_DKIM, ScriptVerifier.DKIMPY);

    /** By the name of the judge, then of the message, then by selector. */
    private final Map<String, Map<String, Map<String, Verdict>>> verdicts;

    private Court(Map<String, Map<String, Map<String, Verdict>>> verdicts) {
        this.verdicts = verdicts;
    }

    /** Ends the test if a judge is not installed. */
    static void require() {
        JUDGES.forEach(ForeignVerifier::require);
    }

    /**
     * Has messages judged.
     *
     * @param folder for the files that the judges read
     * @param messages by name, which is to be fit for the name of a file
     */
    static Court judge(Path folder, DnsRecords records, Map<String, byte[]> messages) throws IOException {
        List<Signed> batch = messages.entrySet().stream()
                .map(message -> new Signed(message.getKey(), message.getValue(), List.of()))
                .toList();
        Map<String, Map<String, Map<String, Verdict>>> verdicts = new LinkedHashMap<>();
        for (ForeignVerifier judge : JUDGES) {
            verdicts.put(judge.name(), judge.judge(batch, records, Files.createTempDirectory(folder, "batch")));
        }
        return new Court(verdicts);
    }

    /**
     * Why a signature does not hold, in the words of the first judge that knows its kind and refuses it; empty if it holds.
     *
     * @param message its name here
     * @param sent the case that it came from
     */
    Optional<String> refusal(String message, Case sent, Case.Expected signature) {
        for (String judge : signature.judges()) {
            Verdict verdict = verdict(judge, message, signature.selector());
            if (!verdict.passes() && !sent.blind().contains(judge)) {
                return Optional.of(message + ", s=" + signature.selector() + ", " + judge + ": " + verdict.result()
                        + ", " + verdict.detail());
            }
        }
        return Optional.empty();
    }

    private Verdict verdict(String judge, String message, String selector) {
        return verdicts.get(judge).getOrDefault(message, Map.of()).getOrDefault(selector, Verdict.SILENCE);
    }
}
