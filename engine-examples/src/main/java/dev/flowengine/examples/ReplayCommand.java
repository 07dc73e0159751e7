package dev.flowengine.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The example of a recorded workflow: runs its tasks again, in the same order of dependence, only faster. */
@Command(
        name = "replay",
        description = "Replays a recorded workflow: each task waits as long as it took, divided by the speed.")
final class ReplayCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A trace in WfFormat 1.5 (JSON), as WfCommons publishes them.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--speed",
            paramLabel = "N",
            description = "How many recorded seconds pass in one; default: so that the critical path, or the work of "
                    + "one worker if that is longer, takes 5 seconds (10 ms for each of its tasks, if that is longer), "
                    + "but never slower than recorded.")
    private @Nullable Double speed;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many tasks may run at once (default: ${DEFAULT-VALUE}). They wait and need no "
                    + "processor, so that more than there are processors make sense.")
    private int workers;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkOptions();
        TraceReplay replay = TraceReplay.of(WfTraceReader.read(file));
        ReplayOutcome outcome = run(replay, speed == null ? replay.analysis().suitableSpeed(workers) : speed);
        ReplayReport report = new ReplayReport(outcome);
        if (json) {
            console.line(JsonLine.of(report.entries()));
        } else {
            report.lines().forEach(console::line);
        }
        outcome.result().failure().ifPresent(failure -> console.err().println(OneLine.of(failure)));
        return outcome.succeeded() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void checkOptions() {
        if (workers < 1) {
            throw new ParameterException(spec.commandLine(), "--workers is " + workers + "; expected 1 or more");
        }
        if (speed != null && !(speed > 0 && speed <= Double.MAX_VALUE)) {
            throw new ParameterException(spec.commandLine(), "--speed is " + speed + "; expected a number above 0");
        }
    }

    private ReplayOutcome run(TraceReplay replay, double chosenSpeed) throws InterruptedException {
        if (json || !console.isTerminal()) {
            return replay.run(chosenSpeed, workers, List.of());
        }
        EndOfEvents end = new EndOfEvents();
        ReplayOutcome outcome = replay.run(chosenSpeed, workers, List.of(new ProgressBar(console, replay, end)));
        end.await();
        return outcome;
    }
}
