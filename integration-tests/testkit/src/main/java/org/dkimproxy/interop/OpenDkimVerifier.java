package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * OpenDKIM's filter in its test mode: {@code opendkim -vv -t FILE,FILE} prints the Authentication-Results field that it
 * would add, with a line for each signature, then a line that begins with the file's name.
 *
 * <p>A message that it cannot read ends its run, so the rest of the batch gets another run.
 */
final class OpenDkimVerifier implements ForeignVerifier {
    static final String PROGRAM = "/usr/sbin/opendkim";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern RESULT = Pattern.compile("\\tdkim=(\\w+)(.*?) header\\.d=.* header\\.s=([^ ;']+).*");
    private static final Pattern DONE = Pattern.compile("opendkim: (\\S+)\\.eml: (.*)");

    @Override
    public String name() {
        return "OpenDKIM";
    }

    @Override
    public String version() throws IOException {
        String first =
                Programs.run(LIMIT, List.of(PROGRAM, "-V")).linesOfSuccess().getFirst();
        return first.substring(first.lastIndexOf(" v") + 2);
    }

    @Override
    public void require() {
        Requirements.openDkim();
    }

    @Override
    public Map<String, Map<String, Verdict>> judge(List<Signed> batch, DnsRecords records, Path folder)
            throws IOException {
        Path keys = records.write(folder.resolve("keys.txt"));
        Path settings = Files.write(
                folder.resolve("opendkim.conf"),
                List.of(
                        "Mode v",
                        "TestPublicKeys " + keys,
                        "MaximumSignaturesToVerify 100",
                        "MaximumHeaders 0",
                        "TemporaryDirectory " + folder));
        for (Signed signed : batch) {
            Files.write(folder.resolve(signed.name() + ".eml"), signed.bytes());
        }
        Map<String, Map<String, Verdict>> verdicts = new HashMap<>();
        List<String> left = new ArrayList<>(batch.stream().map(Signed::name).toList());
        while (!left.isEmpty()) {
            Programs.Result result = run(settings, folder, left);
            List<String> judged = read(folder, result.output(), verdicts);
            left.removeAll(judged);
            if (!left.isEmpty()) {
                String unreadable = left.removeFirst();
                Verdict verdict = new Verdict(Verdict.Result.CANNOT, lastWord(result.errors()));
                batch.stream()
                        .filter(signed -> signed.name().equals(unreadable))
                        .flatMap(signed -> signed.kinds().stream())
                        .forEach(kind -> verdicts.computeIfAbsent(unreadable, name -> new HashMap<>())
                                .put(kind.selector(), verdict));
            }
        }
        return verdicts;
    }

    private static Programs.Result run(Path settings, Path folder, List<String> names) throws IOException {
        String files = String.join(
                ",",
                names.stream()
                        .map(name -> folder.resolve(name + ".eml").toString())
                        .toList());
        return Programs.run(LIMIT, List.of(PROGRAM, "-vv", "-x", settings.toString(), "-t", files));
    }

    private static List<String> read(Path folder, String output, Map<String, Map<String, Verdict>> verdicts) {
        List<String> judged = new ArrayList<>();
        Map<String, Verdict> current = new HashMap<>();
        for (String line : output.lines().toList()) {
            Matcher result = RESULT.matcher(line);
            Matcher done = DONE.matcher(line);
            if (result.matches()) {
                current.put(
                        result.group(3),
                        verdict(result.group(1), result.group(2).strip()));
            } else if (done.matches()) {
                String name = folder.relativize(Path.of(done.group(1))).toString();
                verdicts.computeIfAbsent(name, key -> new HashMap<>()).putAll(current);
                judged.add(name);
                current.clear();
            }
        }
        return judged;
    }

    private static Verdict verdict(String word, String detail) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "pass" -> new Verdict(Verdict.Result.PASS, detail);
            case "fail" -> new Verdict(Verdict.Result.FAIL, detail);
            default -> new Verdict(Verdict.Result.CANNOT, word + " " + detail);
        };
    }

    private static String lastWord(String errors) {
        return errors.lines()
                .filter(line -> !line.contains("returned SMFIS_"))
                .reduce((first, second) -> second)
                .map(line -> line.replaceFirst(".*\\.eml: ", ""))
                .orElse("ended without a word");
    }
}
