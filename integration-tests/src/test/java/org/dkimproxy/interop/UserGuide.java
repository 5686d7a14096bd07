package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The samples in the README and in the guides to the proxy, and a folder in which they work. */
final class UserGuide {
    /** The folder of the samples. */
    static final String ETC = "/etc/dkimproxy";

    private static final Path ROOT = Path.of("..");

    /** The guide with the complete configuration comes first. */
    private static final List<String> DOCUMENTS =
            List.of("docs/configure.md", "README.md", "docs/install.md", "docs/keys.md", "docs/monitor.md");

    private static final Pattern SIGNATURE =
            Pattern.compile("\\b(?:dkim|domainkeys)\\(([^)]*key=" + ETC + "/([^,)]+)[^)]*)\\)");

    private UserGuide() {}

    /** The samples in a language, in order, unchanged. */
    static List<String> samples(String language) throws IOException {
        List<String> samples = new ArrayList<>();
        for (String document : DOCUMENTS) {
            String text = Files.readString(ROOT.resolve(document), StandardCharsets.UTF_8);
            samples.addAll(MailGuide.codeBlocks(text, language));
        }
        return samples;
    }

    /** The first of the samples in a language that contains a text. */
    static String sampleWith(String language, String text) throws IOException {
        return samples(language).stream()
                .filter(sample -> sample.contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample with " + text));
    }

    /** A sample for files in another folder. */
    static String moved(String sample, Path folder) {
        return sample.replace(ETC, folder.toString());
    }

    /** Writes the first sender map to a folder, and every key that a sender map names. */
    static TestKeys install(Path folder) throws IOException, GeneralSecurityException {
        TestKeys keys = TestKeys.generate(folder);
        List<String> maps = samples("sendermap");
        Files.writeString(folder.resolve("sender_map"), moved(maps.getFirst(), folder), StandardCharsets.UTF_8);
        for (String map : maps) {
            for (MatchResult signature : SIGNATURE.matcher(map).results().toList()) {
                Path key = folder.resolve(signature.group(2));
                if (!Files.exists(key)) {
                    boolean isEd25519 = signature.group(1).contains("a=ed25519-sha256");
                    Files.copy(isEd25519 ? keys.ed25519File() : keys.rsaFile(), key);
                }
            }
        }
        return keys;
    }
}
