package dev.quotary.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which way the arrows between packages may point. Here, because only this module sees every other. */
class ArchitectureTest {
    private static final String[] CORE = packages(Stream.of(
            "money", "time", "meter", "call", "price", "queue", "limit", "ledger", "catalog", "usage", "sync"));

    /** The domain computes: of the JDK it needs values and collections, and bytes for digests; no files, no sockets, no logging. */
    private static final String[] CORE_JDK = {
        "java.lang..",
        "java.util..",
        "java.time..",
        "java.math..",
        "java.security..",
        "java.nio",
        "java.nio.charset",
        "org.jspecify.."
    };

    /** The shipped price list is read off the class path; a file or a socket is not. */
    private static final DescribedPredicate<JavaClass> RESOURCE_IN_OWN_JAR =
            belongToAnyOf(InputStream.class, IOException.class, UncheckedIOException.class);

    /** Features and adapters by package, each with the others that it may use. Everything else between them is forbidden. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("analytics", Set.of()),
            Map.entry("journal", Set.of()),
            Map.entry("memory", Set.of("journal")),
            Map.entry("sql", Set.of("analytics", "journal")),
            Map.entry("provider", Set.of()),
            Map.entry("simulator", Set.of()),
            Map.entry("client", Set.of()),
            Map.entry("http", Set.of()),
            Map.entry("gateway", Set.of("http", "provider")),
            Map.entry("console", Set.of("http")),
            Map.entry("api", Set.of("analytics", "http", "provider")));

    private final JavaClasses production = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("testkit"))
            .importPackages("dev.quotary");

    @Test
    void domain_knows_only_the_jdk_and_itself() {
        classes()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(CORE)
                        .or(RESOURCE_IN_OWN_JAR)
                        .or(resideInAnyPackage(CORE_JDK).and(not(resideInAnyPackage("java.util.logging..")))))
                .check(production);
    }

    @Test
    void java_sdk_knows_only_the_jdk_and_itself() {
        classes()
                .that()
                .resideInAPackage("dev.quotary.client..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("dev.quotary.client..", "java..", "org.jspecify.."))
                .check(production);
    }

    @Test
    void packages_form_no_cycle() {
        slices().matching("dev.quotary.(*)..").should().beFreeOfCycles().check(production);
    }

    @Test
    void features_and_adapters_use_only_what_is_listed() {
        MAY_USE.forEach((feature, allowed) -> noClasses()
                .that()
                .resideInAPackage("dev.quotary." + feature + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbiddenTo(feature, allowed))
                .check(production));
    }

    @Test
    void every_package_has_its_rule() {
        classes()
                .should()
                .resideInAnyPackage(CORE)
                .orShould()
                .resideInAnyPackage(packages(Stream.concat(MAY_USE.keySet().stream(), Stream.of("server"))))
                .check(production);
    }

    @Test
    void no_type_is_named_after_its_role_in_a_pattern() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils|Abstract[A-Z].*)")
                .check(production);
    }

    private static String[] forbiddenTo(String feature, Set<String> allowed) {
        var others = MAY_USE.keySet().stream().filter(other -> !other.equals(feature) && !allowed.contains(other));
        return packages(Stream.concat(others, Stream.of("server")));
    }

    private static String[] packages(Stream<String> names) {
        return names.map(name -> "dev.quotary." + name + "..").toArray(String[]::new);
    }
}
