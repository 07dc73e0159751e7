package dev.flowengine.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The suite runs a second time with one thread of each kind, but for some packages: engine-core/pom.xml names them. */
class SecondRunTest {
    private static final String LEFT_OUT = System.getProperty("flowengine.test.engineless", "");
    /** What makes a test run with other threads in the second run: the names stand in the class files that use them. */
    private static final List<String> THREADS_OF_THE_RUN = List.of(
            "dev/flowengine/testing/Engines",
            "dev/flowengine/testing/WithThreads",
            "dev/flowengine/testing/NeedsOverlap",
            "flowengine.test.workers",
            "flowengine.test.bodyThreads");

    @BeforeAll
    static void only_maven_says_what_is_left_out() {
        assumeTrue(!LEFT_OUT.isBlank(), "only Maven says what the second run leaves out");
    }

    private static Stream<Path> folders() throws URISyntaxException {
        Path tests = Path.of(SecondRunTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return Stream.of(LEFT_OUT.split(",", -1))
                .map(pattern -> tests.resolve(pattern.strip().replace("/*", "")));
    }

    private static List<Path> classes(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("SecondRunTest.class"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("what is left out is no package with tests", e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("what is left out takes no engine whose threads the second run would change")
    void what_is_left_out_does_not_depend_on_the_threads_of_the_run() throws URISyntaxException {
        assertThat(folders().flatMap(folder -> classes(folder).stream()))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(THREADS_OF_THE_RUN).noneMatch(content(file)::contains));
    }

    @Test
    @DisplayName("each package that is left out has tests")
    void what_is_left_out_is_there() throws URISyntaxException {
        assertThat(folders())
                .allSatisfy(folder -> assertThat(classes(folder))
                        .anyMatch(file -> file.toString().endsWith("Test.class")));
    }
}
