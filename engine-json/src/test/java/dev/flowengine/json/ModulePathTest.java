package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application whose parts are modules, run in a virtual machine of its own with nothing on the class path. */
class ModulePathTest {
    private static final List<String> LIBRARIES =
            List.of("jackson-", "jgrapht-core", "jheaps", "apfloat", "slf4j-api", "jspecify");

    private static final String TYPES_MODULE = """
            module sample.types {
                requires dev.flowengine.core;
                provides dev.flowengine.extension.NodeType with sample.types.Shout;
            }""";
    private static final String TYPE = """
            package sample.types;
            import dev.flowengine.extension.DataReader;
            import dev.flowengine.extension.NodeType;
            import dev.flowengine.flow.NodeDefinition;
            public final class Shout implements NodeType {
                public String name() {
                    return "shout";
                }
                public NodeDefinition.Builder define(String id, DataReader parameters) {
                    String end = parameters.text("end");
                    return NodeDefinition.builder(id).body(context -> context.input() + end);
                }
            }""";
    private static final String APPLICATION_MODULE = """
            module sample.app {
                requires dev.flowengine.json;
                uses dev.flowengine.extension.PayloadCodec;
            }""";
    private static final String APPLICATION = """
            package sample.app;
            import dev.flowengine.FlowEngine;
            import dev.flowengine.extension.NodeTypes;
            import dev.flowengine.extension.PayloadCodec;
            import dev.flowengine.flow.Flow;
            import dev.flowengine.json.FlowJson;
            import dev.flowengine.node.TypeRef;
            import java.util.List;
            import java.util.ServiceLoader;
            public final class Main {
                public static void main(String[] args) throws Exception {
                    NodeTypes types = NodeTypes.installed();
                    Flow flow = FlowJson.read(args[0], types);
                    PayloadCodec codec = ServiceLoader.load(PayloadCodec.class).findFirst().orElseThrow();
                    TypeRef<List<Object>> list = new TypeRef<List<Object>>() {};
                    System.out.println(Main.class.getModule().isNamed());
                    System.out.println(types.names());
                    System.out.println(codec.decode(codec.encode(List.of(1, "x"), list), list));
                    System.out.println(FlowJson.schema().isEmpty());
                    try (FlowEngine engine = FlowEngine.create()) {
                        System.out.println(engine.executeFromTrigger(flow, "t", "hey").await().outputs("n").asMap());
                    }
                }
            }""";

    @TempDir
    Path directory;

    @Test
    void node_types_and_codec_are_found_on_the_module_path() throws IOException, InterruptedException {
        compile("sample.types", TYPES_MODULE, "Shout", TYPE);
        compile("sample.app", APPLICATION_MODULE, "Main", APPLICATION);
        String flow = Documents.withNode("\"type\": \"shout\", \"parameters\": {\"end\": \"!\"}");

        assertThat(run(flow))
                .containsExactly(
                        "true",
                        "[collect, if, loop, map, merge, set, shout, signal, stop, subflow, switch, trigger, wait]",
                        "[1, x]",
                        "false",
                        "{main=hey!}");
    }

    private void compile(String module, String descriptor, String name, String source) throws IOException {
        Path sources = directory.resolve("src").resolve(module);
        Path type = sources.resolve(module.replace('.', '/')).resolve(name + ".java");
        Files.createDirectories(type.getParent());
        Files.writeString(type, source);
        Path info = Files.writeString(sources.resolve("module-info.java"), descriptor);

        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        directory.resolve(module).toString(),
                        "-p",
                        modulePath(),
                        "" + info,
                        "" + type);

        assertThat(result).as("result of compiling %s", module).isZero();
    }

    private List<String> run(String argument) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-p", modulePath(), "-m", "sample.app/sample.app.Main", argument));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            assertThat(process.exitValue()).as("exit code of %s", lines).isZero();
            return lines.stream().filter(line -> !line.startsWith("SLF4J")).toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** What the application needs of what this test runs with, and what has been compiled. */
    private String modulePath() {
        Stream<String> modules = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(ModulePathTest::isModule);
        Stream<String> samples = Stream.of("sample.types", "sample.app")
                .map(directory::resolve)
                .filter(Files::exists)
                .map(Path::toString);
        return Stream.concat(modules, samples).collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isModule(String entry) {
        String file = Path.of(entry).getFileName().toString();
        return Files.exists(Path.of(entry, "module-info.class"))
                || file.startsWith("engine-")
                || LIBRARIES.stream().anyMatch(file::startsWith);
    }
}
