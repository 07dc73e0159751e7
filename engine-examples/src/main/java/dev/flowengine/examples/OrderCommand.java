package dev.flowengine.examples;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.examples.Shop.Order;
import dev.flowengine.examples.Shop.Receipt;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The example of an order: runs its flow and shows what happened. */
@Command(
        name = "order",
        description = "Runs the flow of an order: two triggers, a branch, a review that answers later, and what "
                + "is done when the warehouse or the review fails.")
final class OrderCommand implements Callable<Integer> {
    private final Console console;
    private final Consumer<Receipt> mailer;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--total",
            paramLabel = "N",
            defaultValue = "1200",
            description = "What the order comes to; above 1,000 it is reviewed (default: ${DEFAULT-VALUE}).")
    private int total;

    @Option(
            names = "--trigger",
            paramLabel = "NAME",
            defaultValue = "order-placed",
            description = "Where it starts: order-placed or order-resent (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String trigger;

    @Option(
            names = "--warehouse-failures",
            paramLabel = "N",
            defaultValue = "2",
            description = "How often the warehouse is out of reach before it answers. It is tried up to 4 times "
                    + "(default: ${DEFAULT-VALUE}).")
    private int warehouseFailures;

    @Option(
            names = "--review-desk",
            paramLabel = "CONDUCT",
            defaultValue = "ANSWERS",
            description = "What the review desk does with a big order: answers, refuses or silent. The last two are "
                    + "handled by a node of their own, escalate (default: answers).")
    @SuppressWarnings("NullAway.Init")
    private ReviewDesk.Conduct reviewDesk;

    @Option(
            names = "--review-timeout",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = ShortDuration.class,
            description = "How long the review may take, such as 500ms or 2s (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Duration reviewTimeout;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    OrderCommand(Console console, Consumer<Receipt> mailer) {
        this.console = console;
        this.mailer = mailer;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkNumbers();
        try (ReviewDesk desk = new ReviewDesk(reviewDesk)) {
            OrderFlow order = OrderFlow.of(new Warehouse(warehouseFailures), desk, reviewTimeout, mailer);
            checkTrigger(order);
            ExecutionResult result = run(order);
            OrderReport report = new OrderReport(order, result);
            if (json) {
                console.line(JsonLine.of(report.entries()));
            } else {
                report.lines().forEach(console::line);
            }
            result.failure().ifPresent(failure -> console.err().println(OneLine.of(failure)));
            return result.status() == ExecutionStatus.COMPLETED ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private void checkNumbers() {
        if (total < 0 || total > 1_000_000_000) {
            throw new ParameterException(
                    spec.commandLine(), "--total is " + total + "; expected a number from 0 to 1000000000");
        }
        if (warehouseFailures < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--warehouse-failures is " + warehouseFailures + "; expected 0 or more");
        }
        if (reviewTimeout.isZero()) {
            throw new ParameterException(spec.commandLine(), "--review-timeout is nothing; expected some time");
        }
    }

    private void checkTrigger(OrderFlow order) {
        if (!order.flow().triggers().contains(trigger)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--trigger is '" + trigger + "'; expected one of "
                            + String.join(", ", order.flow().triggers()));
        }
    }

    private ExecutionResult run(OrderFlow order) throws InterruptedException {
        EndOfEvents end = new EndOfEvents();
        LiveProgress live = new LiveProgress(console);
        FlowEngineBuilder builder = FlowEngine.builder();
        if (json) {
            end.reached();
        } else {
            builder.listener(new NodeLog(console, live, end));
        }
        try (FlowEngine engine = builder.build()) {
            Order data = new Order("A-1001", "coffee grinder", total);
            FlowExecution run = engine.executeFromTrigger(order.flow(), trigger, data);
            live.watch(run);
            ExecutionResult result = run.await();
            if (!end.await()) {
                console.err().println("the last events did not arrive in time; the result is complete all the same");
            }
            return result;
        }
    }
}
