package org.dkimproxy.standalone.config;

import java.util.List;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.cli.CommandLine;

/** Configurations of dkimproxy.out from the words of a command line. */
public final class Loading {
    private Loading() {}

    /** The options of a command line, and of the conf file that it names. */
    public static GivenOptions given(String... words) throws UsageException {
        return ProxyOptions.LOADER.read(Parsed.of(commandLine(words).options()));
    }

    /** The configuration of a start. */
    public static LoadedConfiguration<ProgramSettings> load(String... words) throws UsageException {
        GivenOptions given = given(words);
        OptionValues values = given.values();
        return ProxyOptions.LOADER.load(
                given,
                values,
                ProgramSettings.readForStart(values, commandLine(words).arguments()),
                ProxyOptions.viewAtStart(given));
    }

    /** The configuration of a start, which has no error. */
    public static LoadedConfiguration.Valid<ProgramSettings> valid(String... words) throws UsageException {
        return switch (load(words)) {
            case LoadedConfiguration.Valid<ProgramSettings> valid -> valid;
            case LoadedConfiguration.Invalid<ProgramSettings> invalid ->
                throw new AssertionError(invalid.problems().toString());
        };
    }

    /** A command line of dkimproxy.out. */
    public static CommandLine commandLine(String... words) throws UsageException {
        return CommandLine.parse(List.of(words), ProxyOptions.TABLE, true);
    }
}
