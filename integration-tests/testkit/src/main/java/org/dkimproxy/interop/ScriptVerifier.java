package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A verifier that a script among the test resources drives; each script says there what it reads and writes.
 *
 * @param printVersion the one-line program for the interpreter that prints the version
 */
public record ScriptVerifier(
        String name, Runnable requirement, String interpreter, String script, List<String> printVersion)
        implements ForeignVerifier {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    /** Mail::DKIM: the only one that knows DomainKeys and nowsp. */
    public static final ForeignVerifier MAIL_DKIM = new ScriptVerifier(
            "Mail::DKIM",
            Requirements::mailDkim,
            "perl",
            "maildkim-verify.pl",
            List.of("-MMail::DKIM", "-e", "print $Mail::DKIM::VERSION"));

    /** dkimpy, with Debian's own Python. */
    public static final ForeignVerifier DKIMPY = new ScriptVerifier(
            "dkimpy",
            Requirements::dkimpy,
            "/usr/bin/python3",
            "dkimpy-verify.py",
            List.of("-c", "import importlib.metadata; print(importlib.metadata.version('dkimpy'))"));

    @Override
    public String version() throws IOException {
        List<String> command = new ArrayList<>(List.of(interpreter));
        command.addAll(printVersion);
        return Programs.run(LIMIT, command).linesOfSuccess().getFirst();
    }

    @Override
    public void require() {
        requirement.run();
    }

    @Override
    public Map<String, Map<String, Verdict>> judge(List<Signed> batch, DnsRecords records, Path folder)
            throws IOException {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        batch.forEach(signed -> messages.put(signed.name(), signed.bytes()));
        Path list = BatchFiles.write(folder, messages);
        Path keys = records.write(folder.resolve("keys.txt"));
        List<String> command = List.of(interpreter, Programs.script(script), keys.toString(), list.toString());
        Map<String, Map<String, Verdict>> verdicts = new HashMap<>();
        for (String line : Programs.run(LIMIT, command).linesOfSuccess()) {
            String[] columns = line.split("\t", 4);
            Verdict verdict = new Verdict(Verdict.Result.valueOf(columns[2].toUpperCase(Locale.ROOT)), columns[3]);
            verdicts.computeIfAbsent(columns[0], name -> new HashMap<>()).put(columns[1], verdict);
        }
        return verdicts;
    }
}
