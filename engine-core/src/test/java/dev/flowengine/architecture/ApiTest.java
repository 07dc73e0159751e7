package dev.flowengine.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the library shows: names, and signatures a host can use without seeing the inside. */
@AnalyzeClasses(locations = EngineCoreClasses.class)
class ApiTest {

    @ArchTest
    static final ArchRule names_say_what_a_thing_is = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl");

    @ArchTest
    static final ArchRule a_class_of_the_inside_is_not_meant_to_be_extended = classes()
            .that()
            .resideInAPackage("dev.flowengine.internal..")
            .and()
            .areNotInterfaces()
            .and()
            .areNotAnonymousClasses()
            .and()
            .areNotNestedClasses()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .and()
            .areNotEnums()
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static void every_package_but_the_inside_is_exported(JavaClasses classes) {
        Set<String> visible = classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.contains(".internal"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(exportedPackages(classes)).containsExactlyInAnyOrderElementsOf(visible);
    }

    @ArchTest
    static void no_public_signature_shows_the_inside(JavaClasses classes) {
        Set<String> exported = exportedPackages(classes);
        List<JavaMember> members = classes.stream()
                .filter(type -> exported.contains(type.getPackageName()))
                .filter(ApiTest::isVisible)
                .flatMap(type -> type.getMembers().stream())
                .filter(member -> isVisible(member.getModifiers()))
                .toList();
        List<String> offences = new ArrayList<>();
        for (JavaMember member : members) {
            signature(member)
                    .filter(type -> type.getPackageName().startsWith("dev.flowengine."))
                    .filter(type -> !exported.contains(type.getPackageName()) || !isVisible(type))
                    .forEach(type -> offences.add(member.getFullName() + " shows " + type.getName()));
        }

        assertThat(members).hasSizeGreaterThan(300);
        assertThat(offences).isEmpty();
    }

    @ArchTest
    static void no_public_type_extends_something_of_the_inside(JavaClasses classes) {
        Set<String> exported = exportedPackages(classes);
        List<String> offences = classes.stream()
                .filter(type -> exported.contains(type.getPackageName()) && isVisible(type))
                .flatMap(type -> Stream.concat(
                                type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                        .filter(above -> above.getPackageName().startsWith("dev.flowengine.internal"))
                        .map(above -> type.getName() + " is a " + above.getName()))
                .toList();

        assertThat(offences).isEmpty();
    }

    private static Stream<JavaClass> signature(JavaMember member) {
        Stream<JavaType> types = member instanceof JavaField field
                ? Stream.of(field.getType())
                : Stream.concat(
                        Stream.of(((JavaCodeUnit) member).getReturnType()),
                        Stream.concat(
                                ((JavaCodeUnit) member).getParameterTypes().stream(),
                                ((JavaCodeUnit) member).getTypeParameters().stream()));
        return types.flatMap(type -> type.getAllInvolvedRawTypes().stream()).map(JavaClass::getBaseComponentType);
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ApiTest::isVisible).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    /** Read from the compiled descriptors, because tests run on the class path. */
    private static Set<String> exportedPackages(JavaClasses classes) {
        return Stream.of("dev.flowengine.FlowEngine", "dev.flowengine.model.NodeStatus")
                .map(name -> descriptorBeside(classes.get(name)))
                .flatMap(descriptor -> descriptor.exports().stream())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ModuleDescriptor descriptorBeside(JavaClass type) {
        String source = type.getSource().orElseThrow().getUri().toString();
        String path = type.getName().replace('.', '/') + ".class";
        URI descriptor = URI.create(source.substring(0, source.length() - path.length()) + "module-info.class");
        try (InputStream bytes = descriptor.toURL().openStream()) {
            return ModuleDescriptor.read(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("no descriptor at " + descriptor, e);
        }
    }
}
