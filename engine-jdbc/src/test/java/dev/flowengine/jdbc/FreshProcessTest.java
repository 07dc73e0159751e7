package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S46 a process that has seen none of the values before")
@Timeout(300)
class FreshProcessTest {

    @Test
    @DisplayName("goes on with records, generic ones, sealed types, Optional and null, as the flow declares them")
    void goes_on_with_typed_values() throws Exception {
        try (Database.Opened opened = Database.POSTGRESQL.open()) {
            List<String> lost = run(true, TypedProcess.LOST);
            List<String> next = run(false, 0);

            assertThat(lost)
                    .contains("ran payment", "ran nothing", "ran first", "ran pair")
                    .endsWith("ran middle");
            assertThat(next)
                    .as("what was completed is not run again, and read as what it was")
                    .containsExactly(
                            "ran middle",
                            "ran sum",
                            "came to Card[number=4711, rates=Optional[3]] null 13.50 1970-01-02 book false");
            assertThat(opened.store().backlog()).as("executions that are left").isEmpty();
        }
    }

    private static List<String> run(boolean begins, int exit) throws IOException, InterruptedException {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        Process process = new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TypedProcess.class.getName(),
                        PostgresServer.url(),
                        String.valueOf(begins))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            List<String> lines =
                    process.inputReader(StandardCharsets.UTF_8).lines().toList();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(exit);
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
