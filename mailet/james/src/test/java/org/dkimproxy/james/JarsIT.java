package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** What is in the jars that an administrator copies to {@code extensions-jars}. */
class JarsIT {
    private static final int JAVA_21 = 65;

    private static final String LIBRARY = "com/amazon/corretto/crypto/provider/libamazonCorrettoCryptoProvider.so";

    /** The machine of an ELF file, by the suffix of the jar: e_machine, the 16 bits at offset 18, little-endian. */
    private static final Map<String, Integer> MACHINES = Map.of("", 62, "-aarch_64", 183);

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
    @ValueSource(strings = {"jakarta", "javax", "jakarta-aarch_64", "javax-aarch_64"})
    void holds_what_james_lacks_and_nothing_else(String flavour) throws Exception {
        List<String> names = entries(flavour).stream().map(Entry::name).toList();

        assertThat(names)
                .doesNotHaveDuplicates()
                .allMatch(name -> ALLOWED.matcher(name).matches());
        assertThat(names)
                .contains(
                        "org/dkimproxy/james/SignWithSenderMap.class",
                        "org/dkimproxy/james/SigningHealthCheck.class",
                        "org/dkimproxy/james/webadmin/SigningRoutes.class",
                        "org/dkimproxy/signing/DkimSigner.class",
                        "org/dkimproxy/sendermap/map/SenderMap.class",
                        "com/amazon/corretto/crypto/provider/AmazonCorrettoCryptoProvider.class",
                        LIBRARY,
                        "META-INF/LICENSE",
                        "META-INF/NOTICE");
        assertThat(Files.size(jar(flavour))).isLessThan(5_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax", "jakarta-aarch_64", "javax-aarch_64"})
    void is_made_for_java_21(String flavour) throws Exception {
        for (Entry entry : entries(flavour)) {
            if (entry.isClass()) {
                assertThat(entry.classFileVersion()).as(entry.name()).isLessThanOrEqualTo(JAVA_21);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax", "jakarta-aarch_64", "javax-aarch_64"})
    void speaks_one_mail_api(String flavour) throws Exception {
        String own = flavour.replace("-aarch_64", "");
        String other = own.equals("javax") ? "jakarta" : "javax";
        Set<String> mentioned = new HashSet<>();
        for (Entry entry : entries(flavour)) {
            if (entry.isClass() && entry.name().startsWith("org/dkimproxy/")) {
                assertThat(entry.mentions(other + "/mail/")).as(entry.name()).isFalse();
                assertThat(entry.mentions(other + "/inject/")).as(entry.name()).isFalse();
                for (String api : List.of("/mail/internet/MimeMessage", "/inject/Inject")) {
                    if (entry.mentions(own + api)) {
                        mentioned.add(api);
                    }
                }
            }
        }
        assertThat(mentioned).containsExactlyInAnyOrder("/mail/internet/MimeMessage", "/inject/Inject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax", "jakarta-aarch_64", "javax-aarch_64"})
    void says_what_it_is(String flavour) throws Exception {
        try (JarFile jar = new JarFile(jar(flavour).toFile(), true)) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
                    .isNotBlank();
            assertThat(jar.getManifest().getEntries()).as("signed entries").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax", "jakarta-aarch_64", "javax-aarch_64"})
    void holds_the_native_library_of_its_processor(String flavour) throws Exception {
        String library = entries(flavour).stream()
                .filter(entry -> entry.name().equals(LIBRARY))
                .findFirst()
                .orElseThrow()
                .content();
        assertThat(library).startsWith("\u007fELF");
        assertThat(library.charAt(18) | library.charAt(19) << 8).isEqualTo(MACHINES.get(suffix(flavour)));
    }

    /** As James does: in a class loader of its own, with the slf4j of James. */
    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax", "jakarta-aarch_64", "javax-aarch_64"})
    void signs_by_the_native_library_where_it_loads_and_by_the_jdk_elsewhere(String flavour) throws Exception {
        String here = Map.of("amd64", "", "aarch64", "-aarch_64").getOrDefault(System.getProperty("os.arch"), "none");
        URL slf4j = Logger.class.getProtectionDomain().getCodeSource().getLocation();
        URL[] jars = {jar(flavour).toUri().toURL(), slf4j};
        try (URLClassLoader loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            Class<?> provider = loader.loadClass("org.dkimproxy.signing.key.SignatureProvider");
            assertThat(provider.getMethod("name").invoke(null))
                    .isEqualTo(suffix(flavour).equals(here) ? "AmazonCorrettoCryptoProvider" : "SunRsaSign");
        }
    }

    private static String suffix(String flavour) {
        return flavour.endsWith("-aarch_64") ? "-aarch_64" : "";
    }

    private static Path jar(String flavour) {
        return Path.of(System.getProperty("mailet.jar") + "-" + flavour + ".jar");
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
