package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** The samples in the README, and a folder in which they work. */
final class Readme {
    /** Where the samples think that they are. */
    static final String ETC = "/etc/dkimproxy";

    private static final Path FILE = Path.of("../README.md");

    private Readme() {}

    /** The samples in a language, in order, as they stand. */
    static List<String> samples(String language) throws IOException {
        return MailGuide.codeBlocks(Files.readString(FILE, StandardCharsets.UTF_8), language);
    }

    /** The first of the samples in a language that contains a word. */
    static String sampleWith(String language, String word) throws IOException {
        return samples(language).stream()
                .filter(sample -> sample.contains(word))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample with " + word));
    }

    /** A sample as it is to be when its files are in this folder. */
    static String moved(String sample, Path folder) {
        return sample.replace(ETC, folder.toString());
    }

    /** Writes the sender map and the keys that it names to a folder. */
    static TestKeys install(Path folder) throws IOException, GeneralSecurityException {
        TestKeys keys = TestKeys.generate(folder);
        String map = samples("sendermap").getFirst();
        Files.writeString(folder.resolve("sender_map"), moved(map, folder), StandardCharsets.UTF_8);
        for (String key : List.of("2026._domainkey.example.org.key", "news.key", "example.net.key", "old.key")) {
            Files.copy(keys.rsaFile(), folder.resolve(key));
        }
        Files.copy(keys.ed25519File(), folder.resolve("example.net.ed25519.key"));
        return keys;
    }
}
