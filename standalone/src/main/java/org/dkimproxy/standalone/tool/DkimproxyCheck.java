package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.Severity;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.PlannedSignature;
import org.dkimproxy.signing.SigningPlan;
import org.dkimproxy.standalone.Unprivileged;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.daemon.StartException;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;
import org.dkimproxy.standalone.options.GivenOptions;
import org.dkimproxy.standalone.options.KnownOptions;
import org.dkimproxy.standalone.options.OptionValues;
import org.dkimproxy.standalone.options.Program;
import org.dkimproxy.standalone.options.ProgramSettings;
import org.dkimproxy.standalone.options.Startup;
import org.dkimproxy.standalone.options.UsageException;

/**
 * The program {@code dkimproxy-check}: reads a configuration as dkimproxy.out does at its start, and tells what it finds.
 *
 * <p>Exit codes: 0 without problems and after {@code --help}, 1 with warnings, 2 with errors and for a wrong command line.
 */
public final class DkimproxyCheck {
    private static final int DONE = 0;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Its options, and what the usage and the manual say of it. */
    public static final Program PROGRAM = new Program(
            "dkimproxy-check [options] CONF [LISTENADDR:PORT RELAYADDR:PORT]",
            "Reads CONF, maps and keys as dkimproxy.out would, and tells everything that is wrong.",
            KnownOptions.ofCheckTool(),
            DONE);

    private final PrintStream out;
    private final PrintStream err;
    private final Duration patience;

    /** @param patience how long to wait for one answer of a DNS server */
    DkimproxyCheck(PrintStream out, PrintStream err, Duration patience) {
        this.out = out;
        this.err = err;
        this.patience = patience;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        System.exit(new DkimproxyCheck(System.out, System.err, PATIENCE).run(List.of(args)));
    }

    int run(List<String> args) {
        return PROGRAM.run(args, out, err, commandLine -> {
            CheckReport report = new CheckReport(out);
            check(CheckSettings.read(commandLine), report);
            report.finish();
            return report.exitCode();
        });
    }

    private void check(CheckSettings settings, CheckReport report) throws UsageException {
        Optional<Startup<ProgramSettings>> startup = Startup.read(
                GivenOptions.read(settings.daemon(), KnownOptions.ofProxy()),
                values -> settings(values, settings, report),
                read -> read.proxy().message(),
                new StderrLog(err, LogLevel.WARNING),
                err,
                report::problem);
        if (startup.isEmpty()) {
            if (settings.sender().isPresent() || settings.looksUpRecords()) {
                report.note("not told who signs, and no record looked up: the errors come first");
            }
            return;
        }
        startup.get()
                .settings()
                .proxy()
                .message()
                .log()
                .obstacle()
                .ifPresent(obstacle -> report.problem(Severity.ERROR, obstacle));
        startup.get().notices().forEach(notice -> report.note("notice: " + notice));
        DkimSigner signer = startup.get().signer();
        settings.sender().ifPresent(sender -> tell(sender, signer.plan(sender), report));
        if (settings.looksUpRecords()) {
            try {
                KeyRecords.of(settings.server(), patience).check(signer.signatures(), report);
            } catch (IOException e) {
                throw new UsageException("--dns-server: " + e.getMessage());
            }
        }
        // last of all, since nothing is as before when the rights of root are given up
        checkRights(startup.get(), report);
    }

    /** Becomes who the program would become, where it would, and looks whether it could do its work. */
    private static void checkRights(Startup<ProgramSettings> startup, CheckReport report) {
        Optional<RunAs> target = startup.settings().daemon().runAs().value();
        if (target.isEmpty()) {
            return;
        }
        try {
            Privileges.check(target.get());
        } catch (StartException notRoot) {
            report.note("not checked whether " + target.get().reader()
                    + " can read the files and write to the spool directory: this takes root");
            return;
        }
        try {
            Unprivileged.checked(target.get(), startup, report.asLog());
        } catch (StartException e) {
            e.reasons().forEach(reason -> report.problem(Severity.ERROR, reason));
        }
    }

    /** A command line that the daemon refuses is one problem among the others here. */
    private static Optional<ProgramSettings> settings(OptionValues values, CheckSettings settings, CheckReport report) {
        try {
            return ProgramSettings.readForStart(values, settings.daemon().arguments());
        } catch (UsageException e) {
            report.problem(Severity.ERROR, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static void tell(String sender, SigningPlan plan, CheckReport report) {
        switch (plan) {
            case SigningPlan.Sign sign -> {
                report.note("From " + sender + ": signed");
                sign.signatures().forEach(signature -> report.note("  " + told(signature)));
            }
            case SigningPlan.Leave leave -> report.note("From " + sender + ": not signed: " + leave.reason());
            case SigningPlan.Fail fail -> report.note("From " + sender + ": cannot be signed: " + fail.reason());
        }
    }

    private static String told(PlannedSignature signature) {
        return signature.kind() + " d=" + signature.domain().orElse("") + " s=" + signature.selector() + " a="
                + signature.algorithm().tag() + " c=" + signature.method()
                + signature.identity().map(identity -> " i=" + identity).orElse("") + " key=" + signature.keyFile()
                + ", by the rule " + signature.rule() + " (" + signature.place() + ")";
    }
}
