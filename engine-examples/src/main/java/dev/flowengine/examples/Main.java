package dev.flowengine.examples;

import dev.flowengine.model.FlowException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The program: one sub-command for each example. */
@Command(
        name = "engine-examples",
        description = "Examples of FlowEngine.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the execution completed",
            "1:the execution ended in any other way: PARTIAL, FAILED or CANCELLED",
            "2:wrong options, or a file that cannot be used"
        })
public final class Main {
    private Main() {}

    /**
     * Runs the program and ends the process with its exit code.
     *
     * @param args sub-command and options
     */
    public static void main(String[] args) {
        Console console = Console.system();
        int exitCode = commandLine(console).execute(args);
        console.flush();
        System.exit(exitCode);
    }

    /** The whole command line, writing to the given console. */
    static CommandLine commandLine(Console console) {
        return new CommandLine(new Main())
                .addSubcommand(new OrderCommand(console, Main::mail))
                .addSubcommand(new ControlCommand(console, PatientClerk::new))
                .addSubcommand(new ReplayCommand(console))
                .addSubcommand(new FlowCommand(console))
                .addSubcommand(new CrashRecoveryCommand(console))
                .addSubcommand(new CrashProcessCommand(console))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(console.out())
                .setErr(console.err())
                .setColorScheme(Help.defaultColorScheme(console.isTerminal() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler(Main::wrongOptions)
                .setExecutionExceptionHandler(Main::notRun);
    }

    private static void mail(Shop.Receipt receipt) {
        // An example has nobody to write to.
    }

    private static int wrongOptions(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        String help = " (see " + command.getCommandSpec().qualifiedName() + " --help)";
        command.getErr().println(OneLine.of(problem) + help);
        return ExitCode.USAGE;
    }

    private static int notRun(Exception problem, CommandLine command, ParseResult parsed) throws Exception {
        if (problem instanceof InvalidTraceException) {
            command.getErr().println(problem.getMessage());
            return ExitCode.USAGE;
        }
        if (problem instanceof ChildFailedException) {
            command.getErr().println(problem.getMessage());
            return ExitCode.SOFTWARE;
        }
        if (problem instanceof FlowException refused) {
            command.getErr().println(OneLine.of(OneLine.of(refused) + " " + refused.suggestedResolution()));
            return ExitCode.SOFTWARE;
        }
        throw problem;
    }

    /** Reads the version from the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                    .orElse("(not packaged)");
            return new String[] {"engine-examples " + version};
        }
    }
}
