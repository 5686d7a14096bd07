package org.dkimproxy.standalone.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.SourceText;

/** All settings of dkimproxy.out beside the signer: how it relays, how its process runs, and what it counts. */
public record ProgramSettings(ProxySettings proxy, DaemonSettings daemon, MetricsSettings metrics) {
    /**
     * Reads the settings; problems with values of a conf file are left in {@code values}.
     *
     * @param arguments the command line's arguments: none, or listen and relay address
     * @return empty if an address of the conf file is wrong
     * @throws UsageException if an address is missing, or is wrong on the command line
     */
    public static Optional<ProgramSettings> read(OptionValues values, List<SourceText> arguments)
            throws UsageException {
        return read(values, arguments, DaemonSettings.read(values));
    }

    /**
     * The same for a start, when users, groups and directories are to be found: problems with them are left in
     * {@code values} too.
     *
     * @throws UsageException if an address is missing, or is wrong on the command line
     */
    public static Optional<ProgramSettings> readForStart(OptionValues values, List<SourceText> arguments)
            throws UsageException {
        DaemonSettings daemon = DaemonSettings.read(values);
        daemon.runAs().problems().forEach(values::add);
        return read(values, arguments, daemon);
    }

    private static Optional<ProgramSettings> read(
            OptionValues values, List<SourceText> arguments, DaemonSettings daemon) throws UsageException {
        MetricsSettings metrics = MetricsSettings.read(values);
        return ProxySettings.read(values, arguments).map(proxy -> new ProgramSettings(proxy, daemon, metrics));
    }

    /** The options in which {@code next} differs and that are looked at in a start only. */
    public List<String> needingRestart(ProgramSettings next) {
        List<String> names = new ArrayList<>(proxy.needingRestart(next.proxy));
        names.addAll(daemon.needingRestart(next.daemon));
        names.addAll(proxy.message().log().needingRestart(next.proxy.message().log()));
        if (!metrics.equals(next.metrics)) {
            names.add(MetricsSettings.NAME);
        }
        return names;
    }
}
