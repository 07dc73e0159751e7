package dev.flowengine.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who may depend on whom: the table of docs/architecture.md. */
@AnalyzeClasses(locations = EngineCoreClasses.class)
class LayersTest {
    private static final String ROOT = "dev.flowengine";

    /** Package, then the packages of ours it may use. A package that is not listed here is a violation by itself. */
    private static final Map<String, Set<String>> MAY_USE = table(
            "model                 -> ",
            "persistence           -> model",
            "node                  -> model",
            "graph                 -> model internal.digraph",
            "flow                  -> model node graph",
            "plan                  -> model node flow graph",
            "execution             -> model node flow plan graph",
            "event                 -> model execution",
            "extension             -> model node graph flow",
            "internal.digraph      -> ",
            "internal.layout       -> model node flow graph plan internal.digraph",
            "internal.machine      -> model node flow graph plan internal.layout",
            "internal.scheduling   -> model internal.machine internal.layout extension",
            "internal.attempt      -> model node flow graph event extension internal.machine internal.layout"
                    + " internal.scheduling",
            "internal.journal      -> model persistence extension node graph flow internal.layout internal.machine"
                    + " internal.attempt execution",
            "internal.delivery     -> model event extension",
            "internal.kernel       -> model node graph flow plan execution event extension internal.layout"
                    + " internal.machine internal.scheduling internal.attempt internal.journal internal.delivery"
                    + " persistence",
            "(facade)              -> model persistence node graph flow plan execution event extension internal.kernel");

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothing_uses_the_facade = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT);

    @ArchTest
    static final ArchRule only_the_graph_knows_jgrapht = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".graph")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jgrapht..");

    @ArchTest
    static final ArchRule only_attempts_delivery_the_journal_and_the_logging_listener_log = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOT + ".internal.attempt", ROOT + ".internal.delivery", ROOT + ".internal.journal")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + ".event.LoggingListener")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j..");

    @ArchTest
    static final ArchRule nothing_else_comes_from_outside = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    ROOT + "..", "java..", "org.jspecify.annotations..", "org.jgrapht..", "org.slf4j.."));

    @ArchTest
    static final ArchRule the_machine_knows_no_thread = noClasses()
            .that(resideInAPackage(ROOT + ".internal.machine"))
            .should()
            .dependOnClassesThat(resideInAPackage("java.util.concurrent")
                    .or(resideInAPackage("java.util.concurrent.locks"))
                    .or(JavaClass.Predicates.type(Thread.class)));

    @ArchTest
    static final ArchRule only_what_other_threads_read_is_atomic_in_the_machine = noClasses()
            .that(resideInAPackage(ROOT + ".internal.machine"))
            .and()
            .doNotHaveSimpleName("ReadyQueue")
            .and()
            .doNotHaveSimpleName("StartLog")
            .and()
            .doNotHaveSimpleName("Outputs")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..", "java.lang.invoke"));

    @ArchTest
    static final ArchRule the_machine_knows_no_clock_and_no_io = noClasses()
            .that(resideInAPackage(ROOT + ".internal.machine"))
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.time..", "java.io..", "java.nio..", "java.net..")
                    .and(not(JavaClass.Predicates.type(Duration.class)))
                    // As what a node waits for: handed on, never compared with another.
                    .and(not(JavaClass.Predicates.type(Instant.class))))
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static void every_package_uses_only_what_the_table_allows(JavaClasses classes) {
        Map<String, Set<String>> offences = new LinkedHashMap<>();
        for (JavaClass user : classes) {
            Set<String> allowed = MAY_USE.getOrDefault(layerOf(user), Set.of());
            Set<String> used = usedLayers(user);
            used.removeAll(allowed);
            if (!used.isEmpty()) {
                offences.put(user.getName(), used);
            }
        }
        assertThat(offences).isEmpty();
    }

    @ArchTest
    static void the_table_lists_the_packages_there_are(JavaClasses classes) {
        Set<String> found = classes.stream().map(LayersTest::layerOf).collect(Collectors.toCollection(TreeSet::new));
        Set<String> used =
                MAY_USE.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
        used.removeAll(found);

        assertThat(MAY_USE.keySet()).containsExactlyInAnyOrderElementsOf(found);
        assertThat(used).isEmpty();
    }

    @ArchTest
    static void the_rules_see_the_code(JavaClasses classes) {
        assertThat(classes.size()).isGreaterThan(100);
        assertThat(classes.contain("dev.flowengine.FlowEngine")).isTrue();
        assertThat(classes.contain("dev.flowengine.model.NodeStatus")).isTrue();
        assertThat(classes.contain("dev.flowengine.architecture.LayersTest")).isFalse();
    }

    private static Set<String> usedLayers(JavaClass user) {
        return user.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target -> target.getPackageName().startsWith(ROOT))
                .map(LayersTest::layerOf)
                .filter(layer -> !layer.equals(layerOf(user)))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String layerOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "(facade)" : name.substring(ROOT.length() + 1);
    }

    private static Map<String, Set<String>> table(String... rows) {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        for (String row : rows) {
            List<String> ends = Arrays.asList(row.split("->", -1));
            Set<String> allowed = Stream.of(ends.get(1).split(" ", -1))
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toSet());
            table.put(ends.get(0).strip(), allowed);
        }
        return table;
    }
}
