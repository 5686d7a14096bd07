package org.dkimproxy.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The files of a Postfix that relays for everyone on this machine, to nowhere, and keeps all it has in one folder. */
final class PostfixConfiguration {
    /** The services that every Postfix has; nothing of it listens on a port. */
    private static final String INNER_SERVICES = """
        pickup    unix  n  -  n  1  1  pickup
        cleanup   unix  n  -  n  -  0  cleanup
        qmgr      unix  n  -  n  1  1  qmgr
        tlsmgr    unix  -  -  n  -  1  tlsmgr
        rewrite   unix  -  -  n  -  -  trivial-rewrite
        bounce    unix  -  -  n  -  0  bounce
        defer     unix  -  -  n  -  0  bounce
        trace     unix  -  -  n  -  0  bounce
        verify    unix  -  -  n  -  1  verify
        flush     unix  n  -  n  -  0  flush
        proxymap  unix  -  -  n  -  -  proxymap
        proxywrite unix -  -  n  -  1  proxymap
        smtp      unix  -  -  n  -  -  smtp
        relay     unix  -  -  n  -  -  smtp
        showq     unix  n  -  n  -  -  showq
        error     unix  -  -  n  -  -  error
        retry     unix  -  -  n  -  -  error
        discard   unix  -  -  n  -  -  discard
        virtual   unix  -  n  n  -  -  virtual
        anvil     unix  -  -  n  -  1  anvil
        scache    unix  -  -  n  -  1  scache
        postlog   unix-dgram n - n  -  1  postlogd
        """;

    private PostfixConfiguration() {}

    /** Its log, in its folder. */
    static Path log(Path folder) {
        return folder.resolve("maillog");
    }

    /**
     * Writes all of it.
     *
     * @param settings more lines of main.cf, which win over those that every Postfix has here
     * @param services more lines of master.cf
     */
    static void writeTo(Path folder, List<String> settings, String services) throws IOException {
        // Postfix leaves root's rights and must still reach its folders
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> lines = new ArrayList<>(List.of(
                "compatibility_level = 3.6",
                "queue_directory = " + folder.resolve("queue"),
                "data_directory = " + folder.resolve("data"),
                "maillog_file = " + log(folder),
                "maillog_file_prefixes = " + folder,
                "myhostname = postfix.example.net",
                "mydestination =",
                "alias_maps =",
                "alias_database =",
                "local_recipient_maps =",
                "inet_interfaces = loopback-only",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_relay_restrictions = permit_mynetworks, reject",
                "smtpd_peername_lookup = no",
                "smtp_dns_support_level = disabled",
                "append_dot_mydomain = no",
                "smtputf8_enable = yes",
                "in_flow_delay = 0"));
        // Postfix warns, in all it prints, of a setting that is given twice
        Set<String> given = settings.stream().map(PostfixConfiguration::name).collect(Collectors.toSet());
        lines.removeIf(line -> given.contains(name(line)));
        lines.addAll(settings);
        Files.createDirectory(folder.resolve("queue"));
        Files.write(folder.resolve("main.cf"), lines, StandardCharsets.UTF_8);
        writeServices(folder, services);
    }

    /** Replaces master.cf by the services that every Postfix has and these, which win over those of the same name. */
    static void writeServices(Path folder, String services) throws IOException {
        Set<String> given = services.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#") && !Character.isWhitespace(line.charAt(0)))
                .map(PostfixConfiguration::nameAndType)
                .collect(Collectors.toSet());
        String inner = INNER_SERVICES
                .lines()
                .filter(line -> !given.contains(nameAndType(line)))
                .collect(Collectors.joining("\n"));
        Files.writeString(
                folder.resolve("master.cf"), inner + "\n" + services.stripTrailing() + "\n", StandardCharsets.UTF_8);
    }

    private static String name(String setting) {
        return setting.substring(0, setting.indexOf('=')).strip();
    }

    private static String nameAndType(String service) {
        return Arrays.stream(service.strip().split("\\s+")).limit(2).collect(Collectors.joining(" "));
    }
}
