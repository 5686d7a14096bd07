package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.PlannedSignature;
import org.dkimproxy.signing.SigningOutcome;
import org.dkimproxy.signing.SigningPlan;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.signing.key.FileErrors;
import org.dkimproxy.standalone.cli.Program;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.daemon.PrivilegeDrop;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.daemon.StartException;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;

/**
 * The program {@code dkimproxy-check}: reads a configuration as dkimproxy.out does at its start, and reports its problems.
 *
 * <p>Exit codes: 0 without problems and after {@code --help}, 1 with warnings, 2 with errors and for a wrong command line. That no
 * message is ever signed, or that no rule is for the sender asked about, is a warning.
 */
public final class DkimproxyCheck {
    private static final int DONE = 0;
    private static final int FAILED = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Its options, and what the usage and the manual say of it. */
    public static final Program PROGRAM = new Program(
            "dkimproxy-check [options] [CONF] [LISTENADDR:PORT RELAYADDR:PORT]",
            "Reads CONF, maps and keys as dkimproxy.out would, and reports all problems.",
            CheckSettings.TABLE,
            false,
            DONE);

    private final PrintStream out;
    private final PrintStream err;
    private final Duration patience;
    private final List<ConfOption> service;

    /**
     * The program.
     *
     * @param patience how long to wait for one answer of a DNS server
     * @param service the options {@code user} and {@code group} of the service; none without a service
     */
    DkimproxyCheck(PrintStream out, PrintStream err, Duration patience, List<ConfOption> service) {
        this.out = out;
        this.err = err;
        this.patience = patience;
        this.service = List.copyOf(service);
    }

    /** Runs the program. */
    public static void main(String[] args) {
        System.exit(start(List.of(args)));
    }

    private static int start(List<String> args) {
        try {
            return new DkimproxyCheck(System.out, System.err, PATIENCE, ServiceUnit.ofPackage()).run(args);
        } catch (IOException e) {
            System.err.println("Error: cannot read the unit of the service: " + FileErrors.describe(e));
            return FAILED;
        }
    }

    int run(List<String> args) {
        return PROGRAM.run(args, out, err, commandLine -> {
            CheckReport report = new CheckReport(out);
            check(CheckSettings.read(commandLine), report);
            report.finish();
            return report.exitCode();
        });
    }

    private void check(CheckSettings asked, CheckReport report) throws UsageException {
        boolean isService = !service.isEmpty() && !asked.namesAccount();
        CheckSettings settings = isService ? asked.with(service) : asked;
        GivenOptions given =
                ProxyOptions.LOADER.read(Parsed.of(settings.daemon().options()));
        if (given.isStrict()) {
            report.beStrict();
        }
        OptionValues values = given.values();
        Optional<ProgramSettings> program = given.isUnusable() ? Optional.empty() : settings(values, settings, report);
        program.ifPresent(read -> read.proxy().message().setUp(new StderrLog(err, LogLevel.WARNING), values));
        LoadedConfiguration<ProgramSettings> loaded =
                ProxyOptions.LOADER.load(given, values, program, ProxyOptions.viewAtStart(given));
        loaded.problems().forEach(report::problem);
        switch (loaded) {
            case LoadedConfiguration.Valid<ProgramSettings> valid -> check(valid, settings, isService, report);
            case LoadedConfiguration.Invalid<ProgramSettings> _ -> {
                if (settings.sender().isPresent() || settings.looksUpRecords()) {
                    report.note("no rule shown and no record looked up: correct the errors first");
                }
            }
        }
    }

    private void check(
            LoadedConfiguration.Valid<ProgramSettings> loaded,
            CheckSettings settings,
            boolean isService,
            CheckReport report)
            throws UsageException {
        ProgramSettings program = loaded.settings();
        Optional<String> obstacle = program.proxy().message().log().obstacle();
        obstacle.ifPresent(reason -> report.problem(Severity.ERROR, reason));
        new NetworkCheck(report).check(program.proxy());
        // the unit has a PID file of its own, in a directory that systemd makes
        if (!isService) {
            program.daemon().pidFile().ifPresent(new StartCheck(report)::checkPidFile);
        }
        loaded.notices().forEach(notice -> report.note("notice: " + notice));
        program.proxy().message().notices().forEach(notice -> report.note("notice: " + notice));
        DkimSigner signer = loaded.signer();
        if (signer.signatures().findAny().isEmpty()) {
            report.problem(
                    Severity.WARNING,
                    "no rule asks for a signature, so no message is ever signed; add a line to a map, or set domain");
        }
        settings.sender().ifPresent(sender -> tell(sender, signer.plan(sender), report));
        if (settings.looksUpRecords()) {
            try {
                KeyRecords.of(settings.server(), patience).check(signer.signatures(), report);
            } catch (IOException e) {
                throw new UsageException("--dns-server: " + e.getMessage());
            }
        }
        // last of all, since there is no way back to the privileges of root
        checkPrivileges(loaded, isService, report);
        // a service is its user from the beginning, so it opens its log as that user too
        if (isService && obstacle.isEmpty()) {
            program.proxy().message().log().obstacle().ifPresent(reason -> report.problem(Severity.ERROR, reason));
        }
    }

    /** Drops privileges as the program would, and checks that it could do its work. */
    private static void checkPrivileges(
            LoadedConfiguration.Valid<ProgramSettings> loaded, boolean isService, CheckReport report) {
        Optional<RunAs> target = loaded.settings().daemon().runAs().value();
        if (target.isEmpty()) {
            return;
        }
        Optional<Path> chroot = target.get().root();
        if (isService && chroot.isPresent()) {
            report.problem(
                    Severity.ERROR,
                    "chroot " + chroot.get() + ": the unit starts the program as "
                            + target.get().reader() + ", and only root can change the root directory; take chroot out");
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
            ProxySettings proxy = loaded.settings().proxy();
            new PrivilegeDrop(
                            target.get(),
                            proxy.message().spoolDirectory(),
                            proxy.relay().host(),
                            report.asLog())
                    .run(loaded, ProxyOptions.FILES);
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
            case SigningPlan.Leave leave -> {
                String text = "From " + sender + ": not signed: " + leave.reason();
                if (leave.cause() == SigningOutcome.Cause.RULE_WITHOUT_SIGNATURE) {
                    report.note(text);
                } else {
                    report.problem(Severity.WARNING, text);
                }
            }
            case SigningPlan.Fail fail ->
                report.problem(Severity.ERROR, "From " + sender + ": cannot be signed: " + fail.reason());
        }
    }

    private static String told(PlannedSignature signature) {
        return signature.kind() + " d=" + signature.domain().orElse("") + " s=" + signature.selector() + " a="
                + signature.algorithm().tag() + " c=" + signature.method()
                + signature.identity().map(identity -> " i=" + identity).orElse("") + " key=" + signature.keyFile()
                + ", by the rule " + signature.rule() + " (" + signature.position() + ")";
    }
}
