package org.dkimproxy.signing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.dkimproxy.sendermap.dkim.DomainNames;
import org.junit.jupiter.api.Test;

/** What the engine may know: messages and keys, neither James nor the network. */
class ArchitectureTest {
    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.dkimproxy.signing");

    @Test
    void the_engine_is_there() {
        assertThat(ENGINE.contain(DkimSigner.class)).isTrue();
        assertThat(ENGINE.contain(LineEndingsTest.class)).isFalse();
    }

    @Test
    void it_knows_only_the_parser_the_jdk_slf4j_and_the_cryptography() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "org.dkimproxy.signing..",
                        "org.dkimproxy.sendermap..",
                        "java.io",
                        "java.lang..",
                        "java.math",
                        "java.nio",
                        "java.nio.charset",
                        "java.nio.file..",
                        "java.security..",
                        "java.time..",
                        "java.util..",
                        "org.slf4j",
                        "org.jspecify.annotations",
                        "org.bouncycastle..",
                        "com.amazon.corretto.crypto.provider")
                .check(ENGINE);
    }

    /** Said again by name, so that a wider list above cannot let them in. */
    @Test
    void it_knows_neither_james_nor_mail_apis_nor_sockets() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache..", "jakarta..", "javax.mail..", "java.net..", "javax.net..", "java.nio.channels..")
                .check(ENGINE);
    }

    @Test
    void the_parts_do_not_know_the_whole() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.dkimproxy.signing.message",
                        "org.dkimproxy.signing.canonical",
                        "org.dkimproxy.signing.key",
                        "org.dkimproxy.signing.reload",
                        "org.dkimproxy.signing.access")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.dkimproxy.signing")
                .check(ENGINE);
    }

    @Test
    void reading_a_header_needs_nothing_of_the_engine() {
        noClasses()
                .that()
                .resideInAPackage("org.dkimproxy.signing.message")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.dkimproxy.signing.canonical",
                                "org.dkimproxy.signing.key",
                                "org.dkimproxy.sendermap..")
                        .and(not(type(DomainNames.class))))
                .check(ENGINE);
    }

    @Test
    void no_package_needs_one_that_needs_it() {
        slices().matching("org.dkimproxy.signing.(**)")
                .should()
                .beFreeOfCycles()
                .check(ENGINE);
    }

    @Test
    void nothing_is_registered_with_the_whole_process() {
        noClasses()
                .should()
                .callMethod(java.security.Security.class, "addProvider", java.security.Provider.class)
                .orShould()
                .callMethod(java.security.Security.class, "insertProviderAt", java.security.Provider.class, int.class)
                .check(ENGINE);
    }
}
