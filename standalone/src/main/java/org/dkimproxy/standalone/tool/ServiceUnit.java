package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.standalone.config.DaemonSettings;
import org.dkimproxy.standalone.daemon.Accounts;
import org.jspecify.annotations.Nullable;

/**
 * The user and the groups by which a systemd unit runs the program, as options {@code user} and {@code group}. The unit file of
 * an administrator replaces that of a package, and drop-ins are read after it in the order of their names (systemd.unit(5)).
 */
final class ServiceUnit {
    private static final String LIST = "SupplementaryGroups";
    private static final List<String> KEYS = List.of("User", "Group", LIST);

    /** The system property that names the unit; the program of the Debian package sets it. */
    private static final String PROPERTY = "org.dkimproxy.unit";

    private static final List<Path> DIRECTORIES = List.of(
            Path.of("/etc/systemd/system"),
            Path.of("/run/systemd/system"),
            Path.of("/usr/local/lib/systemd/system"),
            Path.of("/usr/lib/systemd/system"));

    private final Map<String, SourceText> values = new TreeMap<>();

    private ServiceUnit() {}

    /**
     * Reads the unit of the package that this program belongs to.
     *
     * @return the options that have a value; none without a package
     * @throws IOException if a file cannot be read
     */
    static List<ConfOption> ofPackage() throws IOException {
        @Nullable String name = System.getProperty(PROPERTY);
        return name == null ? List.of() : options(name, DIRECTORIES);
    }

    /**
     * Reads a unit.
     *
     * @param directories where units lie, the one that wins first
     * @return the options that have a value; none without a unit
     * @throws IOException if a file cannot be read
     */
    static List<ConfOption> options(String name, List<Path> directories) throws IOException {
        ServiceUnit unit = new ServiceUnit();
        for (Path directory : directories) {
            if (Files.isRegularFile(directory.resolve(name))) {
                unit.read(directory.resolve(name));
                for (Path dropIn : dropIns(name, directories)) {
                    unit.read(dropIn);
                }
                break;
            }
        }
        return unit.options();
    }

    private static Iterable<Path> dropIns(String name, List<Path> directories) throws IOException {
        Map<String, Path> byName = new TreeMap<>();
        for (Path directory : directories) {
            Path folder = directory.resolve(name + ".d");
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.conf")) {
                    files.forEach(file -> byName.putIfAbsent(String.valueOf(file.getFileName()), file));
                } catch (DirectoryIteratorException e) {
                    throw e.getCause();
                }
            }
        }
        return byName.values();
    }

    private void read(Path file) throws IOException {
        int number = 0;
        for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            number++;
            int equals = line.indexOf('=');
            String key = equals < 0 ? "" : line.substring(0, equals).strip();
            if (KEYS.contains(key)) {
                keep(
                        key,
                        new SourceText(new Position(file.toString(), number, 1), line, line)
                                .part(equals + 1, line.length())
                                .trimmed());
            }
        }
    }

    /** An empty value takes earlier ones back; of a list each line adds to them. */
    private void keep(String key, SourceText value) {
        @Nullable SourceText earlier = values.get(key);
        if (value.text().isEmpty()) {
            values.remove(key);
        } else if (key.equals(LIST) && earlier != null) {
            values.put(key, new SourceText(value.position(), earlier.text() + " " + value.text(), value.lineText()));
        } else {
            values.put(key, value);
        }
    }

    private List<ConfOption> options() throws IOException {
        List<ConfOption> options = new ArrayList<>();
        @Nullable SourceText user = values.get("User");
        @Nullable SourceText group = values.get("Group");
        @Nullable SourceText more = values.get(LIST);
        if (user != null) {
            options.add(new ConfOption(DaemonSettings.USER.name(), user, user));
        }
        List<String> groups = new ArrayList<>();
        if (group != null) {
            groups.add(group.text());
        }
        // systemd adds the groups that a login of the user would have
        if (user != null) {
            Accounts.user(user.text()).map(Accounts::groupsOf).stream()
                    .flatMap(List::stream)
                    .map(Integer::toUnsignedString)
                    .forEach(groups::add);
        }
        if (more != null) {
            groups.add(more.text());
        }
        @Nullable SourceText written = group == null ? user : group;
        if (written != null && !groups.isEmpty()) {
            SourceText all = new SourceText(written.position(), String.join(" ", groups), written.lineText());
            options.add(new ConfOption(DaemonSettings.GROUP.name(), written, all));
        }
        return options;
    }
}
