package org.dkimproxy.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URL;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.dkimproxy.standalone");

    @Test
    void packages_have_no_cycles() {
        slices().matching("org.dkimproxy.standalone.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    /** A package may use those after it, never those before it. */
    private static final List<String> FLOORS = List.of(
            "packaging",
            "tool",
            "server",
            "session",
            "metrics",
            "cli",
            "config",
            "daemon",
            "spool",
            "smtp",
            "log",
            "access",
            "net",
            "posix");

    @Test
    void packages_use_those_below_only() {
        for (int floor = 1; floor < FLOORS.size(); floor++) {
            String[] above = FLOORS.subList(0, floor).stream()
                    .map(name -> "org.dkimproxy.standalone." + name + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("org.dkimproxy.standalone." + FLOORS.get(floor) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(CLASSES);
        }
    }

    @Test
    void wire_rules_know_no_sockets_threads_or_files() {
        noClasses()
                .that()
                .resideInAPackage("..standalone.smtp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..", "java.util.concurrent..")
                .check(CLASSES);
    }

    /** Addresses, interfaces and URLs are names of hosts, and none of them a socket. */
    @Test
    void only_servers_sessions_and_what_binds_know_sockets() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "..standalone.server..",
                        "..standalone.session..",
                        "..standalone.metrics..",
                        "..standalone.net..",
                        "..standalone.packaging..")
                .should()
                .dependOnClassesThat(resideInAPackage("java.net..")
                        .and(not(assignableTo(InetAddress.class)
                                .or(assignableTo(NetworkInterface.class))
                                .or(assignableTo(URL.class)))))
                .check(CLASSES);
    }
}
