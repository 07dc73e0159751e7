package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    @Test
    void help_names_every_example() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("order", "control", "replay", "flow", "crash-recovery", "Exit codes:")
                .doesNotContain("crash-recovery-process");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void every_example_has_a_help_of_its_own() {
        assertThat(CommandRun.of("order", "--help").out())
                .contains(
                        "--total", "--trigger", "--warehouse-failures", "--review-desk", "--review-timeout", "--json");
        assertThat(CommandRun.of("control", "--help").out())
                .contains("p pause", "--pause-after", "--resume-after", "--cancel-after", "--json");
        assertThat(CommandRun.of("replay", "--help").out()).contains("FILE", "--speed", "--workers", "--json");
        assertThat(CommandRun.of("flow", "--help").out()).contains("FILE", "--trigger", "--data", "--json");
        assertThat(CommandRun.of("crash-recovery", "--help").out())
                .contains("--nodes", "--jdbc-url", "--user", "--password", "--json");
    }

    @Test
    void the_version_is_known_without_a_package() {
        assertThat(CommandRun.of("--version").out()).startsWith("engine-examples ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                              | Missing required subcommand
                    relpay x                        | relpay
                    replay                          | FILE
                    replay x --speed                | --speed
                    replay x --speed abc            | --speed
                    replay x --speed NaN            | --speed is NaN
                    replay x --speed 0              | --speed is 0
                    replay x --speed -1             | --speed is -1
                    replay x --speed Infinity       | --speed is Infinity
                    replay x --workers 0            | --workers is 0
                    replay x --workers -3           | --workers is -3
                    replay x --workers 1.5          | --workers
                    replay x --workers 99999999999  | --workers
                    replay x y                      | y
                    replay x --colour               | --colour
                    order --total -1                | --total is -1
                    order --total 2000000000        | --total is 2000000000
                    order --total many              | --total
                    order --trigger order-lost      | order-placed, order-resent
                    order --warehouse-failures -1   | --warehouse-failures is -1
                    order --review-desk asleep      | --review-desk
                    order --review-timeout 0s       | --review-timeout is nothing
                    order --review-timeout 2        | is no duration; expected
                    control --shelves 0             | --shelves is 0
                    control --shelves 1001          | --shelves is 1001
                    control --shelf-time soon       | --shelf-time
                    control --pause-after left-9    | expected left-1 to left-8 or right-1
                    control --cancel-after total    | expected left-1 to left-8 or right-1
                    control --resume-after -1s      | is no duration; expected
                    control p                       | p
                    flow                            | FILE
                    flow samples/order.json         | --trigger is missing; expected one of placed, resent
                    flow samples/order.json --trigger lost | --trigger is 'lost'; expected one of placed, resent
                    flow samples/order.json --data {       | --data: the document cannot be read on at line 1
                    flow samples/order.json --data 1e9999  | --data: is a number of more than 1000 digits
                    flow samples/order.json --colour       | --colour
                    crash-recovery --nodes 1               | --nodes is 1; expected
                    crash-recovery --nodes 10001           | --nodes is 10001; expected
                    crash-recovery --nodes many            | --nodes
                    crash-recovery --user sa               | --user needs --jdbc-url
                    crash-recovery --password x            | --password needs --jdbc-url
                    crash-recovery --jdbc-url              | --jdbc-url
                    crash-recovery --jdbc-url x            | no driver on the class path takes 'x'
                    crash-recovery --jdbc-url jdbc:none:x  | no driver on the class path takes 'jdbc:none:'
                    crash-recovery --jdbc-url jdbc:h2:mem:x | a database in memory
                    crash-recovery --jdbc-url jdbc:h2:file:./target/none;IFEXISTS=TRUE | cannot be used
                    """)
    void wrong_options_are_one_line_and_exit_code_2(String commandLine, String expected) {
        CommandRun run = CommandRun.of(commandLine.isEmpty() ? new String[0] : commandLine.split(" ", -1));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).singleElement().asString().contains(expected, "--help");
    }
}
