package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.james.jdkim.DKIMVerifier;
import org.dkimproxy.testkit.JdkimJudge;

/** Apache James jDKIM, in this process. */
final class JdkimVerifier implements ForeignVerifier {
    @Override
    public String name() {
        return "jdkim";
    }

    @Override
    public String version() {
        return DKIMVerifier.class.getPackage().getImplementationVersion();
    }

    @Override
    public void require() {
        // on the class path
    }

    @Override
    public Map<String, Map<String, Verdict>> judge(List<Signed> batch, DnsRecords records, Path folder) {
        JdkimJudge judge = new JdkimJudge(records.texts());
        Map<String, Map<String, Verdict>> verdicts = new HashMap<>();
        for (Signed signed : batch) {
            verdicts.put(signed.name(), judge(judge, signed));
        }
        return verdicts;
    }

    private static Map<String, Verdict> judge(JdkimJudge judge, Signed signed) {
        Map<String, Verdict> verdicts = new HashMap<>();
        try {
            for (JdkimJudge.Judgement judgement : judge.judge(signed.bytes())) {
                Verdict.Result result = judgement.passes() ? Verdict.Result.PASS : Verdict.Result.FAIL;
                verdicts.put(judgement.selector(), new Verdict(result, judgement.text()));
            }
        } catch (IOException e) {
            Verdict verdict = new Verdict(Verdict.Result.CANNOT, String.valueOf(e.getMessage()));
            signed.kinds().forEach(kind -> verdicts.put(kind.selector(), verdict));
        }
        return verdicts;
    }
}
