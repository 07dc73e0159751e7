package dev.flowengine.examples;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The example of control: an execution of some seconds that is paused, resumed and cancelled. */
@Command(
        name = "control",
        description = {
            "Counts the shelves of two aisles, which takes some seconds, while you pause, resume and cancel it.",
            "Keys: " + Keyboard.HELP + ". At the end of the input it just goes on."
        })
final class ControlCommand implements Callable<Integer> {
    private static final int MOST_SHELVES = 1_000;

    private final Console console;
    private final Function<Duration, Clerk> clerks;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--shelves",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many shelves each aisle has (default: ${DEFAULT-VALUE}).")
    private int shelves;

    @Option(
            names = "--shelf-time",
            paramLabel = "TIME",
            defaultValue = "750ms",
            converter = ShortDuration.class,
            description = "How long a shelf takes, such as 100ms or 2s (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Duration shelfTime;

    @Option(
            names = "--pause-after",
            paramLabel = "NODE",
            description = "Pause as soon as this shelf is counted: left-1, right-1, left-2 and so on.")
    private @Nullable String pauseAfter;

    @Option(
            names = "--resume-after",
            paramLabel = "TIME",
            converter = ShortDuration.class,
            description = "Resume so long after each time it is PAUSED; default: when told to, or at once after the "
                    + "end of the input.")
    private @Nullable Duration resumeAfter;

    @Option(names = "--cancel-after", paramLabel = "NODE", description = "Cancel as soon as this shelf is counted.")
    private @Nullable String cancelAfter;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    /** Creates the command; the clerk is chosen by how long a shelf takes. */
    ControlCommand(Console console, Function<Duration, Clerk> clerks) {
        this.console = console;
        this.clerks = clerks;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkOptions();
        ControlReport report = run();
        if (json) {
            console.line(JsonLine.of(report.entries()));
        } else {
            report.lines().forEach(console::line);
        }
        report.result().failure().ifPresent(failure -> console.err().println(OneLine.of(failure)));
        return report.result().status() == ExecutionStatus.COMPLETED ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void checkOptions() {
        if (shelves < 1 || shelves > MOST_SHELVES) {
            throw new ParameterException(
                    spec.commandLine(), "--shelves is " + shelves + "; expected a number from 1 to " + MOST_SHELVES);
        }
        checkShelf("--pause-after", pauseAfter);
        checkShelf("--cancel-after", cancelAfter);
    }

    private void checkShelf(String option, @Nullable String node) {
        for (int shelf = 1; shelf <= shelves; shelf++) {
            if (node == null || node.equals("left-" + shelf) || node.equals("right-" + shelf)) {
                return;
            }
        }
        String expected = "; expected left-1 to left-" + shelves + " or right-1 to right-" + shelves;
        throw new ParameterException(spec.commandLine(), option + " is '" + node + "'" + expected);
    }

    private ControlReport run() throws InterruptedException {
        EndOfEvents endOfTrail = new EndOfEvents();
        EndOfEvents endOfLog = new EndOfEvents();
        try (RemoteControl control = new RemoteControl(new ControlPlan(pauseAfter, resumeAfter, cancelAfter))) {
            StatusTrail trail = new StatusTrail(control::paused, endOfTrail);
            StocktakingFlow stocktaking = StocktakingFlow.of(shelves, controlled(control));
            FlowEngineBuilder builder = FlowEngine.builder().listener(trail);
            Consumer<String> answers = answer -> {};
            if (json) {
                endOfLog.reached();
            } else {
                builder.listener(new NodeLog(console, endOfLog));
                answers = console::line;
                console.line(Keyboard.HELP);
            }
            try (FlowEngine engine = builder.build()) {
                FlowExecution execution = engine.executeFromTrigger(stocktaking.flow(), stocktaking.opened(), 0);
                control.connect(execution);
                new Keyboard(console.in(), answers, engine, control).listen();
                ExecutionResult result = execution.await();
                if (!endOfTrail.await() || !endOfLog.await()) {
                    console.err()
                            .println("the last events did not arrive in time; the result is complete all the same");
                }
                return new ControlReport(stocktaking, result, trail.names());
            }
        }
    }

    private Clerk controlled(RemoteControl control) {
        Clerk clerk = clerks.apply(shelfTime);
        return context -> {
            int items = clerk.count(context);
            control.workDone(context.nodeId());
            return items;
        };
    }
}
