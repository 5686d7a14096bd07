package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the two jars that an administrator copies to {@code extensions-jars}. */
class JarsIT {
    private static final int JAVA_21 = 65;

    /** What James lacks. */
    private static final Pattern ALLOWED = Pattern.compile("org/dkimproxy/(james|signing|sendermap)/[\\w/$-]+\\.class"
            + "|com/amazon/corretto/crypto/(provider|utils)/[\\w/$]+\\.class"
            + "|com/amazon/corretto/crypto/provider/(version\\.properties|libamazonCorrettoCryptoProvider\\.so"
            + "|testdata/\\w+\\.txt)"
            + "|META-INF/(MANIFEST\\.MF|LICENSE|NOTICE)");

    /** The content of a class file, a character for each octet: names of classes and packages stand in it as they are. */
    private record Entry(String name, String content) {
        boolean isClass() {
            return name.endsWith(".class");
        }

        /** JVM specification section 4.1: a magic number of four octets, the minor version, the major version. */
        int classFileVersion() {
            return content.charAt(6) << 8 | content.charAt(7);
        }

        boolean mentions(String name) {
            return content.contains(name) || content.contains(name.replace('/', '.'));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void holds_what_james_lacks_and_nothing_else(String flavour) throws Exception {
        List<String> names = entries(flavour).stream().map(Entry::name).toList();

        assertThat(names)
                .doesNotHaveDuplicates()
                .allMatch(name -> ALLOWED.matcher(name).matches());
        assertThat(names)
                .contains(
                        "org/dkimproxy/james/SignWithSenderMap.class",
                        "org/dkimproxy/signing/DkimSigner.class",
                        "org/dkimproxy/sendermap/SenderMap.class",
                        "com/amazon/corretto/crypto/provider/AmazonCorrettoCryptoProvider.class",
                        "com/amazon/corretto/crypto/provider/libamazonCorrettoCryptoProvider.so",
                        "META-INF/LICENSE",
                        "META-INF/NOTICE");
        assertThat(Files.size(jar(flavour))).isLessThan(5_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void is_made_for_java_21(String flavour) throws Exception {
        for (Entry entry : entries(flavour)) {
            if (entry.isClass()) {
                assertThat(entry.classFileVersion()).as(entry.name()).isLessThanOrEqualTo(JAVA_21);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void speaks_one_mail_api(String flavour) throws Exception {
        String other = flavour.equals("javax") ? "jakarta" : "javax";
        Set<String> mentioned = new HashSet<>();
        for (Entry entry : entries(flavour)) {
            if (entry.isClass() && entry.name().startsWith("org/dkimproxy/")) {
                assertThat(entry.mentions(other + "/mail/")).as(entry.name()).isFalse();
                assertThat(entry.mentions(other + "/inject/")).as(entry.name()).isFalse();
                for (String api : List.of("/mail/internet/MimeMessage", "/inject/Inject")) {
                    if (entry.mentions(flavour + api)) {
                        mentioned.add(api);
                    }
                }
            }
        }
        assertThat(mentioned).containsExactlyInAnyOrder("/mail/internet/MimeMessage", "/inject/Inject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void says_what_it_is(String flavour) throws Exception {
        try (JarFile jar = new JarFile(jar(flavour).toFile(), true)) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
                    .isNotBlank();
            assertThat(jar.getManifest().getEntries()).as("signed entries").isEmpty();
        }
    }

    private static Path jar(String flavour) {
        return Path.of(System.getProperty("mailet.jar." + flavour));
    }

    private static List<Entry> entries(String flavour) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (InputStream file = Files.newInputStream(jar(flavour));
                ZipInputStream zip = new ZipInputStream(file, StandardCharsets.UTF_8)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries.add(
                            new Entry(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.ISO_8859_1)));
                }
            }
        }
        return entries;
    }
}
