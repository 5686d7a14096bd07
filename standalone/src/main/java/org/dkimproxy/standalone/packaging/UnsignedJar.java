package org.dkimproxy.standalone.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Takes the signature off jars, and the native library out of the one that has it. Classes of a signed jar are verified one
 * by one as they load and have no place in an AOT cache; a library in a jar is unpacked to a temporary directory at each start.
 */
final class UnsignedJar {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    private static final String NATIVE_LIBRARY = ".so";

    private UnsignedJar() {}

    /** The first argument names the directory for native libraries, each other one a jar, which is rewritten in place. */
    public static void main(String[] arguments) throws IOException {
        Path libraries = Files.createDirectories(Path.of(arguments[0]));
        for (int i = 1; i < arguments.length; i++) {
            rewrite(Path.of(arguments[i]), libraries);
        }
    }

    private static void rewrite(Path jar, Path libraries) throws IOException {
        try (JarFile in = new JarFile(jar.toFile(), false)) {
            if (in.stream().map(JarEntry::getName).noneMatch(UnsignedJar::isTakenOut)) {
                return;
            }
        }
        Path rewritten = jar.resolveSibling(jar.getFileName() + ".part");
        try (JarFile in = new JarFile(jar.toFile(), false);
                OutputStream file = Files.newOutputStream(rewritten);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (Enumeration<JarEntry> entries = in.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (isSignature(entry.getName())) {
                    continue;
                }
                try (InputStream content = in.getInputStream(entry)) {
                    if (entry.getName().endsWith(NATIVE_LIBRARY)) {
                        Path name = Path.of(entry.getName()).getFileName();
                        Files.copy(content, libraries.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                        continue;
                    }
                    ZipEntry copy = new ZipEntry(entry.getName());
                    copy.setTimeLocal(entry.getTimeLocal());
                    out.putNextEntry(copy);
                    if (entry.getName().equals(MANIFEST)) {
                        withoutDigests(content).write(out);
                    } else {
                        content.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
        }
        Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isTakenOut(String name) {
        return isSignature(name) || name.endsWith(NATIVE_LIBRARY);
    }

    private static boolean isSignature(String name) {
        return SIGNATURE.matcher(name.toUpperCase(Locale.ROOT)).matches();
    }

    /** The sections of single entries hold nothing but the digests that were signed. */
    private static Manifest withoutDigests(InputStream content) throws IOException {
        Manifest manifest = new Manifest(content);
        manifest.getEntries()
                .values()
                .removeIf(attributes -> attributes.keySet().stream()
                        .allMatch(
                                name -> name.toString().toUpperCase(Locale.ROOT).endsWith("-DIGEST")));
        return manifest;
    }
}
