package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A signer that is not ours, driven by a script among the test resources.
 *
 * @param interpreter what runs the script
 * @param script says there what it reads and writes
 */
record ForeignSigner(String interpreter, String script) {
    /** Mail::DKIM, driven as the old proxy drives it: every type and method, RSA only. */
    static final ForeignSigner MAIL_DKIM = new ForeignSigner("perl", "maildkim-sign.pl");

    /** dkimpy: DKIM with simple and relaxed, RSA and Ed25519. */
    static final ForeignSigner DKIMPY = new ForeignSigner("/usr/bin/python3", "dkimpy-sign.py");

    private static final Duration LIMIT = Duration.ofMinutes(4);

    /**
     * One signature to make.
     *
     * @param kind type, algorithm and method; its own selector is not used
     * @param identity the i= address; empty for none
     */
    record Wanted(SignatureKind kind, String selector, String domain, String identity, Path key) {
        static Wanted of(SignatureKind kind, String domain, Path key) {
            return new Wanted(kind, kind.selector(), domain, "", key);
        }

        private String row(String job) {
            return String.join(
                    "\t",
                    List.of(
                            job,
                            kind.type(),
                            kind.algorithm(),
                            kind.method(),
                            selector,
                            domain,
                            identity,
                            key.toString()));
        }
    }

    /**
     * Signs every message in every job.
     *
     * @param jobs by name, the signatures to make in one pass
     * @param folder empty, for files
     * @return by message, then by job, the fields without their final CRLF; nothing for a message that it cannot sign
     */
    Map<String, Map<String, List<String>>> sign(List<Mail> messages, Map<String, List<Wanted>> jobs, Path folder)
            throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        messages.forEach(mail -> contents.put(mail.name(), mail.completed()));
        Path list = BatchFiles.write(folder, contents);
        Path rows = Files.write(
                folder.resolve("jobs.txt"),
                jobs.entrySet().stream()
                        .flatMap(job -> job.getValue().stream().map(wanted -> wanted.row(job.getKey())))
                        .toList());
        List<String> command = List.of(interpreter, Programs.script(script), rows.toString(), list.toString());
        Map<String, Map<String, List<String>>> fields = new HashMap<>();
        for (String line : Programs.run(LIMIT, command).linesOfSuccess()) {
            String[] columns = line.split("\t", 4);
            if (columns[2].equals("field")) {
                fields.computeIfAbsent(columns[0], name -> new HashMap<>())
                        .computeIfAbsent(columns[1], name -> new ArrayList<>())
                        .add(new String(Base64.getDecoder().decode(columns[3]), StandardCharsets.ISO_8859_1));
            }
        }
        return fields;
    }
}
