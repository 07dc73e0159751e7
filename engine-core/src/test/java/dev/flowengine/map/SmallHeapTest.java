package dev.flowengine.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("R25 wide executions in a process that has little memory")
@Tag("once")
@Timeout(120)
class SmallHeapTest {

    @Test
    @DisplayName("S33 a map of 100,000 items, each of which brings along what it is about, holds those in work alone")
    void items() throws Exception {
        assertThat(run("items")).containsExactly("100000 items, 0 failed");
    }

    @Test
    @DisplayName("R25 a fan-in of 10,000 nodes")
    void fan_in() throws Exception {
        assertThat(run("fan-in")).containsExactly("10000 values");
    }

    private static List<String> run(String what) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            // First, as one that hangs would never end what is read; a line fits what lies in between.
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            return process.inputReader(StandardCharsets.UTF_8).lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }
}
