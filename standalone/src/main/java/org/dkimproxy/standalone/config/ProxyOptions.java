package org.dkimproxy.standalone.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.config.ConfigurationLoader;
import org.dkimproxy.signing.config.FileView;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.OptionTable.Group;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.signing.config.SigningOptions;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;

/** The options of dkimproxy.out, in the order of its usage, and the loader of its configuration. */
public final class ProxyOptions {
    /** The option by which a service manager distinguishes a configuration error, which a restart does not remove. */
    public static final Option<Boolean> EX_CONFIG = Option.flag(
                    "ex_config", "exit with 78 (EX_CONFIG) after a configuration error; not for conf files")
            .directOnly();

    /** All options. */
    public static final OptionTable TABLE = OptionTable.of(
            Group.of(
                    "SMTP",
                    ConfigurationLoader.CONF_FILE,
                    ConfigurationLoader.INCLUDE,
                    ListenOptions.LISTEN,
                    ListenOptions.PORT,
                    ListenOptions.HOST,
                    ProxySettings.RELAY,
                    ProxySettings.RELAY_HOST,
                    ProxySettings.RELAY_PORT,
                    MessageSettings.REJECT_ERROR,
                    ProxySettings.BARE_NEWLINE,
                    ProxyLimits.MESSAGE_SIZE_LIMIT,
                    MessageSettings.SPOOL_DIR,
                    ProxyLimits.SPOOL_BUDGET,
                    ConfigurationLoader.STRICT),
            SigningOptions.GROUP,
            Group.of(
                    "Daemon",
                    DaemonSettings.DAEMONIZE,
                    DaemonSettings.USER,
                    DaemonSettings.GROUP,
                    DaemonSettings.CHROOT,
                    DaemonSettings.PIDFILE,
                    EX_CONFIG,
                    LogOptions.DEBUGTRACE),
            Group.of(
                    "Access",
                    AccessOptions.ALLOW,
                    AccessOptions.DENY,
                    AccessOptions.CIDR_ALLOW,
                    AccessOptions.CIDR_DENY),
            new Group("Pool", pool()),
            Group.of(
                    "Log",
                    LogOptions.LOG_LEVEL,
                    LogOptions.LOG_FILE,
                    LogOptions.SYSLOG_IDENT,
                    LogOptions.SYSLOG_FACILITY,
                    LogOptions.SYSLOG_LOGOPT,
                    LogOptions.SYSLOG_LOGSOCK),
            Group.of("Metrics", MetricsSettings.METRICS_LISTEN));

    /** Paths; a relative one begins in the working directory of the start. */
    public static final FileSource FILES = name -> Path.of(name).toAbsolutePath();

    /** Loads the configuration of the proxy. */
    public static final ConfigurationLoader LOADER = loader(TABLE);

    private ProxyOptions() {}

    /** Loads the configuration of a program that reads the conf file of the proxy and knows all of its options. */
    public static ConfigurationLoader loader(OptionTable options) {
        return new ConfigurationLoader(options, FILES, false);
    }

    /** How a process that has not yet dropped its privileges, or a tool, sees the files of a configuration. */
    public static FileView viewAtStart(GivenOptions given) {
        OptionValues values = given.values();
        // the conf file and the maps are read by their names as they stand; key files lie inside of the root directory
        Optional<Path> root = DaemonSettings.root(values);
        Optional<Problem> hint = root.flatMap(directory -> values.text(DaemonSettings.CHROOT)
                .map(option -> option.warning(
                        "chroot, so that key files are looked for in " + directory,
                        "a copy of each there: /KEY as " + directory + "/KEY")));
        return new FileView(name -> RunAs.outside(root, FILES.resolve(name)), FileTrust.of(values), hint);
    }

    /** How the process sees them that has dropped its privileges, and may not find its user any more. */
    public static FileView viewWhileRunning() {
        return new FileView(FILES, TrustedUsers.of(Privileges.user()), Optional.empty());
    }

    private static List<Option<?>> pool() {
        List<Option<?>> pool = new ArrayList<>();
        pool.add(ProxyLimits.MAX_SERVERS);
        pool.add(ProxyLimits.MAX_SERVERS_PER_CLIENT);
        pool.addAll(IgnoredOptions.all());
        return pool;
    }
}
