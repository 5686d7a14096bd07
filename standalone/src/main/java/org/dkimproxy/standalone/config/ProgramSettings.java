package org.dkimproxy.standalone.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.OptionValues;

/** All settings of dkimproxy.out beside the signer: how it relays, how its process runs, and what it counts. */
public record ProgramSettings(ProxySettings proxy, DaemonSettings daemon, MetricsSettings metrics) {
    /**
     * Reads the settings; problems with values of a conf file are left in {@code values}.
     *
     * @param arguments the command line's arguments: none, or listen and relay address
     * @param root the root directory that the process will change to
     * @return empty if an address of the conf file is wrong
     * @throws UsageException if an address is missing, or is wrong on the command line
     */
    public static Optional<ProgramSettings> read(OptionValues values, List<SourceText> arguments, Optional<Path> root)
            throws UsageException {
        DaemonSettings daemon = DaemonSettings.read(values);
        MetricsSettings metrics = MetricsSettings.read(values);
        return ProxySettings.read(values, arguments, root).map(proxy -> new ProgramSettings(proxy, daemon, metrics));
    }

    /**
     * Reads the settings for a start, when users, groups and directories are to be found: problems with them are left in
     * {@code values} too.
     *
     * @throws UsageException if an address is missing, or is wrong on the command line
     */
    public static Optional<ProgramSettings> readForStart(OptionValues values, List<SourceText> arguments)
            throws UsageException {
        DaemonSettings.read(values).runAs().problems().forEach(values::add);
        return read(values, arguments, DaemonSettings.root(values));
    }
}
