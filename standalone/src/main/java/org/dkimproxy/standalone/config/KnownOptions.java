package org.dkimproxy.standalone.config;

import static org.dkimproxy.standalone.config.KnownOption.Group.ACCESS;
import static org.dkimproxy.standalone.config.KnownOption.Group.DAEMON;
import static org.dkimproxy.standalone.config.KnownOption.Group.LOG;
import static org.dkimproxy.standalone.config.KnownOption.Group.METRICS;
import static org.dkimproxy.standalone.config.KnownOption.Group.SIGNING;
import static org.dkimproxy.standalone.config.KnownOption.Group.SMTP;
import static org.dkimproxy.standalone.config.KnownOption.Group.TOOL;
import static org.dkimproxy.standalone.config.KnownOption.Standing.EFFECTIVE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.signing.SigningOptions;
import org.dkimproxy.standalone.config.KnownOption.Group;
import org.dkimproxy.standalone.config.KnownOption.Standing;

/** The table of all options of a program. Immutable. */
public final class KnownOptions {
    /** The option with which a service manager tells a configuration error, which no restart mends, from others. */
    public static final String EX_CONFIG = "ex_config";

    private static final String FILE = "FILE";

    private final List<KnownOption> options;
    private final boolean hyphensOptional;
    private final Map<String, KnownOption> byName = new HashMap<>();

    private KnownOptions(List<KnownOption> options) {
        this(options, false);
    }

    private KnownOptions(List<KnownOption> options, boolean hyphensOptional) {
        this.options = List.copyOf(options);
        this.hyphensOptional = hyphensOptional;
        for (KnownOption option : options) {
            byName.put(option.name(), option);
            option.aliases().forEach(alias -> byName.put(alias, option));
        }
    }

    /** The options of dkimproxy.out. */
    public static KnownOptions ofProxy() {
        List<KnownOption> all = new ArrayList<>(smtp());
        all.addAll(signing());
        all.addAll(daemon());
        all.addAll(access());
        all.addAll(PoolOptions.all());
        all.addAll(log());
        all.add(metrics());
        return new KnownOptions(all, true);
    }

    /** The options of dkimproxy-signfile: those of the proxy, so that it can read the proxy's conf file, and its own. */
    public static KnownOptions ofSignfileTool() {
        List<KnownOption> all = new ArrayList<>();
        all.add(new KnownOption(
                SMTP,
                "out",
                Set.of(),
                "DIR",
                false,
                EFFECTIVE,
                "",
                "write each signed FILE into DIR, under its own name"));
        all.addAll(ofProxy().options);
        return new KnownOptions(all);
    }

    /** The options of dkimproxy-keygen. */
    public static KnownOptions ofKeygenTool() {
        return new KnownOptions(List.of(
                scalar(TOOL, "domain", "NAME", "", "domain that signs, d="),
                scalar(TOOL, "selector", "NAME", "", "selector, s="),
                scalar(TOOL, "type", "rsa|ed25519", "rsa", "kind of key"),
                scalar(TOOL, "bits", "COUNT", "2048", "length of an RSA key, 1024 to 4096"),
                scalar(TOOL, "out", "DIR", "", "directory for the key and its record"),
                scalar(TOOL, "group", "GROUP", "", "let this group read the key as well, such as that of the proxy")));
    }

    /** The options of dkimproxy-check that are not the proxy's. */
    public static List<KnownOption> ownOfCheckTool() {
        return List.of(
                scalar(TOOL, "sender", "ADDR", "", "tell which rule signs a message from ADDR, and how"),
                flag(TOOL, "dns", EFFECTIVE, "look up the record of each selector and compare it with the key"),
                scalar(TOOL, "dns_server", "HOST:PORT", "the system's", "ask this server, with --dns"));
    }

    /** The options of dkimproxy-check: its own and those of the proxy, which win over the conf file. */
    public static KnownOptions ofCheckTool() {
        List<KnownOption> all = new ArrayList<>(ownOfCheckTool());
        all.addAll(ofProxy().options);
        return new KnownOptions(all);
    }

    /** All options in the order of the usage. */
    public List<KnownOption> all() {
        return options;
    }

    /** The option of this name or alias, which is lower case with underscores. */
    public Optional<KnownOption> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Whether the two hyphens before a name may be left out, as dkimproxy 1.4 allowed. */
    public boolean hyphensOptional() {
        return hyphensOptional;
    }

    /** All names and aliases. */
    public Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    private static List<KnownOption> smtp() {
        return List.of(
                scalar(SMTP, "conf_file", FILE, "", "read options from FILE; those given here win over it"),
                list(SMTP, "listen", "ADDR:PORT", "address and port on which mail comes in; * for all addresses"),
                list(SMTP, "port", "PORT", "the same without listen: PORT or ADDR:PORT"),
                list(SMTP, "host", "ADDR", "address for the port of the same position"),
                scalar(SMTP, "relay", "ADDR[:PORT]", "port 25", "address and port to which signed mail goes"),
                scalar(SMTP, "relay_host", "ADDR", "", "the same without a port, when relay is not given"),
                scalar(SMTP, "relay_port", "PORT", "25", "port of the relay when its address names none"),
                flag(
                        SMTP,
                        "reject_error",
                        EFFECTIVE,
                        "refuse a message that cannot be signed; else it passes unsigned"),
                scalar(
                        SMTP,
                        "bare_newline",
                        "normalize|reject",
                        "normalize",
                        "what to do with a CR or LF that stands alone"),
                scalar(
                        SMTP,
                        "message_size_limit",
                        "OCTETS",
                        "0",
                        "largest message taken; 0 for what the relay announces"),
                scalar(SMTP, "spool_dir", "DIR", "the system's", "where large messages wait until they are signed"),
                scalar(SMTP, "spool_budget", "OCTETS", "4294967296", "room for all messages that wait at once"),
                flag(SMTP, "strict", EFFECTIVE, "treat every warning about the configuration as an error"));
    }

    private static List<KnownOption> signing() {
        Set<String> lists = SigningOptions.lists();
        return SigningOptions.names().stream()
                .sorted(SigningHelp.ORDER)
                .map(name -> new KnownOption(
                        SIGNING,
                        name,
                        Set.of(),
                        SigningHelp.argument(name),
                        lists.contains(name),
                        EFFECTIVE,
                        SigningHelp.defaultText(name),
                        SigningHelp.help(name)))
                .toList();
    }

    private static List<KnownOption> daemon() {
        return List.of(
                new KnownOption(
                        DAEMON,
                        "daemonize",
                        Set.of("setsid", "background"),
                        "",
                        false,
                        EFFECTIVE,
                        "",
                        "run in the background; return once it serves"),
                scalar(DAEMON, "user", "USER", "", "become USER, a name or number, once it listens"),
                scalar(DAEMON, "group", "GROUP", "USER's groups", "join GROUP, and no others but those named after it"),
                scalar(DAEMON, "chroot", "DIR", "", "make DIR the root directory; keys are found inside"),
                new KnownOption(
                        DAEMON,
                        "pidfile",
                        Set.of("pid_file"),
                        FILE,
                        false,
                        EFFECTIVE,
                        "",
                        "write the process number to FILE"),
                flag(
                        DAEMON,
                        EX_CONFIG,
                        EFFECTIVE,
                        "exit with 78 (EX_CONFIG) after a configuration error; not for conf files"),
                flag(DAEMON, "debugtrace", EFFECTIVE, "log what is sent and received, without secrets and content"));
    }

    private static List<KnownOption> access() {
        return List.of(
                list(ACCESS, "allow", "REGEX", "whole addresses that may connect; with any list, no others may"),
                list(ACCESS, "deny", "REGEX", "whole addresses that may not connect; asked first"),
                list(ACCESS, "cidr_allow", "NETWORKS", "networks that may connect, as ADDR/BITS or ADDR"),
                list(ACCESS, "cidr_deny", "NETWORKS", "networks that may not connect; asked before allow"));
    }

    private static List<KnownOption> log() {
        return List.of(
                scalar(LOG, "log_level", "LEVEL", "debug", "0 to 4: error, warning, notice, info or debug"),
                scalar(LOG, "log_file", FILE, "", "write the log to FILE too, or to the system log: Sys::Syslog"),
                scalar(LOG, "syslog_ident", "NAME", "dkimproxy.out", "name in the system log"),
                scalar(LOG, "syslog_facility", "NAME", "mail", "facility in the system log"),
                scalar(LOG, "syslog_logopt", "NAMES", "pid", "options of the system log, such as pid,cons"),
                scalar(LOG, "syslog_logsock", "NAMES", "native", "accepted; it is always reached by syslog(3)"));
    }

    private static KnownOption metrics() {
        return scalar(METRICS, MetricsSettings.NAME, "ADDR:PORT", "", "serve /metrics for Prometheus, and /healthz");
    }

    static KnownOption scalar(Group group, String name, String argument, String defaultText, String help) {
        return new KnownOption(group, name, Set.of(), argument, false, EFFECTIVE, defaultText, help);
    }

    private static KnownOption list(Group group, String name, String argument, String help) {
        return new KnownOption(group, name, Set.of(), argument, true, EFFECTIVE, "", help);
    }

    private static KnownOption flag(Group group, String name, Standing standing, String help) {
        return new KnownOption(group, name, Set.of(), "", false, standing, "", help);
    }
}
