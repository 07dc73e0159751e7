package dev.flowengine.examples;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.Flow;
import dev.flowengine.json.FlowJson;
import dev.flowengine.json.FlowJsonException;
import dev.flowengine.json.JsonData;
import dev.flowengine.model.ExecutionStatus;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
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

/** The example of a flow that is data: reads it from a file, runs it and shows what happened. */
@Command(name = "flow", description = "Runs a flow from a JSON file; there are samples in engine-examples/samples.")
final class FlowCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A flow as JSON.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--trigger",
            paramLabel = "ID",
            description = "Where it starts; may be left out if the flow has a single trigger.")
    private @Nullable String trigger;

    @Option(
            names = "--data",
            paramLabel = "JSON",
            defaultValue = "null",
            description = "What the trigger is fired with (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String data;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    FlowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Object value = readData();
        Flow flow = readFlow();
        if (flow == null) {
            return ExitCode.USAGE;
        }
        FlowReport report = new FlowReport(run(flow, chooseTrigger(flow), value));
        if (json) {
            console.line(JsonLine.of(report.entries(complaint -> console.err().println(OneLine.of(complaint)))));
        } else {
            report.lines().forEach(console::line);
        }
        report.result().failure().ifPresent(failure -> console.err().println(OneLine.of(failure)));
        return report.result().status() == ExecutionStatus.COMPLETED ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private @Nullable Object readData() {
        try {
            return JsonData.read(data);
        } catch (FlowJsonException wrong) {
            throw wrong("--data: " + wrong.problems().get(0));
        }
    }

    /** The flow, or null if the file holds none: what is wrong has been told, a line for each problem. */
    private @Nullable Flow readFlow() {
        try {
            return FlowJson.read(file, NodeTypes.installed());
        } catch (FlowJsonException wrong) {
            wrong.problems().forEach(problem -> complain(problem.toString()));
            if (wrong.moreProblems() > 0) {
                complain("and " + wrong.moreProblems() + " more");
            }
        } catch (NoSuchFileException missing) {
            complain("there is no such file; give the path of a file that can be read");
        } catch (IOException unreadable) {
            complain("cannot be read (" + unreadable + ")");
        }
        return null;
    }

    private void complain(String problem) {
        console.err().println(OneLine.of(file + ": " + problem));
    }

    private String chooseTrigger(Flow flow) {
        List<String> able = flow.triggers().stream()
                .filter(id -> !flow.node(id).orElseThrow().isDisabled())
                .toList();
        if (able.isEmpty()) {
            throw wrong(
                    flow.triggers().isEmpty()
                            ? file + ": has no trigger, so that nothing can start it"
                            : file + ": all its triggers are disabled: " + String.join(", ", flow.triggers()));
        }
        String chosen = trigger == null && able.size() == 1 ? able.get(0) : trigger;
        if (chosen != null && able.contains(chosen)) {
            return chosen;
        }
        String disabled = flow.triggers().contains(chosen) ? ", which is disabled" : "";
        throw wrong("--trigger is " + (chosen == null ? "missing" : "'" + chosen + "'" + disabled)
                + "; expected one of " + String.join(", ", able));
    }

    private ParameterException wrong(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private ExecutionResult run(Flow flow, String from, @Nullable Object value) throws InterruptedException {
        EndOfEvents end = new EndOfEvents();
        FlowEngineBuilder builder = FlowEngine.builder();
        if (json) {
            end.reached();
        } else {
            builder.listener(new NodeLog(console, end));
        }
        try (FlowEngine engine = builder.build()) {
            ExecutionResult result =
                    engine.executeFromTrigger(flow, from, value).await();
            end.await();
            return result;
        }
    }
}
