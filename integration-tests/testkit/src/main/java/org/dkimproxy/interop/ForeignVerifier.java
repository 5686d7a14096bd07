package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A verifier that is not ours. */
public interface ForeignVerifier {
    /** What people call it. */
    String name();

    /** Its version, numbers with dots between. Needs it to be installed. */
    String version() throws IOException;

    /** Ends the test if the verifier is not installed; see {@link Requirements}. */
    void require();

    /**
     * Judges every signature of every message of a batch.
     *
     * @param folder empty, for files that the verifier needs
     * @return by the name of the message, then by the selector of the signature
     */
    Map<String, Map<String, Verdict>> judge(List<Signed> batch, DnsRecords records, Path folder) throws IOException;

    /** All foreign verifiers. */
    static List<ForeignVerifier> all() {
        return List.of(ScriptVerifier.MAIL_DKIM, ScriptVerifier.DKIMPY, new JdkimVerifier(), new OpenDkimVerifier());
    }
}
