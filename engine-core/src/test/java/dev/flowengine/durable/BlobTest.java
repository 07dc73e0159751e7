package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Blob;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.tck.InMemoryBlobStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Streams in and out of nodes")
@Timeout(60)
class BlobTest {
    private static final int CHUNK = 10_000;

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();

    @Test
    @DisplayName("a node writes, the next one reads, and who asks later, too; the row holds a reference")
    void there_and_back() throws Exception {
        Flow flow = flow();
        String id;
        try (FlowEngine engine = engine()) {
            ExecutionResult end = engine.executeFromTrigger(flow, "t", 100).await();
            id = end.executionId();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(end.output("count", Long.class)).isEqualTo(100L * CHUNK);
        }
        try (FlowEngine engine = engine()) {
            engine.register(flow);
            Blob blob = engine.find(id).orElseThrow().await().output("write", Blob.class);
            assertThat(blob.size()).isEqualTo(100L * CHUNK);
            assertThat(blob.sha256()).hasSize(64);
            assertThat(count(blob)).isEqualTo(blob.size());
            assertThat(blob).isEqualTo(engine.find(id).orElseThrow().await().output("write", Blob.class));
            try (InputStream in = blob.open()) {
                assertThat(in.skip(5)).isEqualTo(5);
                assertThat(in.readNBytes(3)).hasSize(3);
            }
            blobs.damage();
            assertThatThrownBy(() -> count(blob))
                    .isInstanceOfSatisfying(
                            FlowException.class,
                            broken -> assertThat(broken.kind()).isEqualTo(FailureKind.SERIALIZATION))
                    .hasMessageContaining("node 'write' of execution " + id)
                    .hasMessageContaining("not those that were written");
            blobs.remove(id);
            assertThatThrownBy(blob::open).isInstanceOf(FlowException.class).hasMessageContaining("is missing");
        }
        assertThat(memory.load(id).orElseThrow().nodes())
                .allSatisfy(row -> assertThat(row.result().outputs().values())
                        .allSatisfy(payload -> assertThat(payload.size()).isLessThan(400)));
    }

    @Test
    @DisplayName("R23 one that is larger than its node allows is given up, and fails the node with LIMIT_EXCEEDED")
    void limited() throws Exception {
        FlowBuilder f = Flow.builder("limited");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.contextNode("write", t, BlobTest::write).returns(Blob.class).maxOutputBytes(25_000);
        try (FlowEngine engine = engine()) {
            Flow flow = f.build();
            assertThat(engine.executeFromTrigger(flow, "t", 2).await().status()).isEqualTo(ExecutionStatus.COMPLETED);
            ExecutionResult end = engine.executeFromTrigger(flow, "t", 3).await();
            assertThat(end.failure()).hasValueSatisfying(failure -> {
                assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
                assertThat(failure)
                        .hasMessageContaining("node 'write'")
                        .hasMessageContaining("30000 bytes")
                        .hasMessageContaining("25000");
            });
            assertThat(end.snapshot()
                            .node("write")
                            .orElseThrow()
                            .failure()
                            .orElseThrow()
                            .type())
                    .as("what anybody can look up")
                    .isEqualTo(FlowException.class.getName());
        }
        assertThat(blobs.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("what fails while it is written is not there, and another attempt writes another one")
    void failing_content() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        FlowBuilder f = Flow.builder("failing");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.contextNode(
                        "write",
                        t,
                        (any, context) -> context.blob(out -> {
                            out.write(1);
                            if (attempts.incrementAndGet() == 1) {
                                throw new IOException("the source is gone");
                            }
                        }))
                .returns(Blob.class)
                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(2));
        try (FlowEngine engine = engine()) {
            Blob blob = engine.executeFromTrigger(f.build(), "t", 1).await().output("write", Blob.class);
            assertThat(count(blob)).isEqualTo(1);
        }
        assertThat(attempts).hasValue(2);
        assertThat(blobs.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("null is a value like any other, and a blob may be the result of a step")
    void nulls_and_steps() throws Exception {
        FlowBuilder f = Flow.builder("steps");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.node("none", t, any -> (Blob) null).returns(Blob.class);
        f.contextNode(
                        "stepped",
                        t,
                        (any, context) ->
                                context.step("s", TypeRef.of(Blob.class), () -> context.blob(out -> out.write(7))))
                .returns(Blob.class);
        Flow flow = f.build();
        String id;
        try (FlowEngine engine = engine()) {
            id = engine.executeFromTrigger(flow, "t", 1).await().executionId();
        }
        try (FlowEngine engine = engine()) {
            engine.register(flow);
            ExecutionResult end = engine.find(id).orElseThrow().await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(end.output("none", Blob.class)).isNull();
            assertThat(count(end.output("stepped", Blob.class))).isEqualTo(1);
        }
        assertThat(blobs.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("S29 one that another execution is given is copied for it, and lasts as long as that one")
    void redriven() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        FlowBuilder f = Flow.builder("redriven");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Blob> written = f.contextNode("write", t, BlobTest::write).returns(Blob.class);
        f.node("count", written, blob -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return count(blob);
                })
                .returns(Long.class);
        Flow flow = f.build();
        String second;
        try (FlowEngine engine = engine()) {
            String first = engine.executeFromTrigger(flow, "t", 3).await().executionId();
            second = engine.redrive(first).start().await().executionId();
            blobs.remove(first);
        }
        try (FlowEngine engine = engine()) {
            engine.register(flow);
            ExecutionResult end = engine.find(second).orElseThrow().await();
            assertThat(end.output("count", Long.class)).isEqualTo(3L * CHUNK);
            assertThat(count(end.output("write", Blob.class))).isEqualTo(3L * CHUNK);
        }
    }

    @Test
    @DisplayName("a start that is repeated with its key is the same one if the blobs it is given hold the same")
    void keys() throws Exception {
        FlowBuilder f = Flow.builder("given");
        TriggerRef<Blob> t = f.trigger("t", Blob.class);
        f.node("count", t, BlobTest::count).returns(Long.class);
        Flow given = f.build();
        RunOptions keyed = RunOptions.builder().key("k").build();
        try (FlowEngine engine = engine()) {
            ExecutionResult one = engine.executeFromTrigger(flow(), "t", 3).await();
            ExecutionResult other = engine.executeFromTrigger(flow(), "t", 3).await();
            FlowExecution first = engine.executeFromTrigger(given, "t", one.output("write", Blob.class), keyed);
            blobs.remove(one.executionId());
            assertThat(first.await().output("count", Long.class)).isEqualTo(3L * CHUNK);
            assertThat(engine.executeFromTrigger(given, "t", other.output("write", Blob.class), keyed)
                            .id())
                    .isEqualTo(first.id());
            Blob another = engine.executeFromTrigger(flow(), "t", 4).await().output("write", Blob.class);
            assertThatThrownBy(() -> engine.executeFromTrigger(given, "t", another, keyed))
                    .isInstanceOfSatisfying(
                            FlowException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.KEY_CONFLICT));
            assertThatThrownBy(() -> engine.executeFromTrigger(given, "t", one.output("write", Blob.class)))
                    .isInstanceOf(FlowException.class)
                    .hasMessageContaining("is missing");
        }
    }

    @Test
    @DisplayName("without a blob store such a flow is refused when it is registered, and a body is told")
    void without_a_store() throws Exception {
        for (FlowEngine engine :
                new FlowEngine[] {Durable.engine(memory), Engines.builder().build()}) {
            try (engine) {
                assertThatThrownBy(() -> engine.register(flow()))
                        .isInstanceOfSatisfying(FlowException.class, refused -> {
                            assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
                            assertThat(refused.affectedNodes()).containsExactly("write");
                            assertThat(refused.suggestedResolution()).contains("blobStore(...)");
                        });
            }
        }
        FlowBuilder f = Flow.builder("untold");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.contextNode("write", t, BlobTest::write);
        try (FlowEngine engine = Engines.builder().build()) {
            assertThat(engine.executeFromTrigger(f.build(), "t", 1)
                            .await()
                            .failure()
                            .orElseThrow())
                    .hasMessageContaining("the engine has none for blobs");
        }
    }

    @Test
    @DisplayName(
            "blobs within other values are refused, and so are blobs that would outlast their execution in a cache")
    void values_of_their_own() {
        FlowBuilder f = Flow.builder("nested");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Blob> one = f.contextNode("one", t, BlobTest::write).returns(Blob.class);
        f.collect("all", one).returns(new TypeRef<List<Blob>>() {});
        Flow nested = f.build();
        try (FlowEngine engine = engine()) {
            assertThatThrownBy(() -> engine.register(nested))
                    .isInstanceOfSatisfying(
                            FlowException.class,
                            refused -> assertThat(refused.affectedNodes()).containsExactly("all"))
                    .hasMessageContaining("blobs within other values");
        }
        FlowBuilder cached = Flow.builder("cached");
        TriggerRef<Integer> other = cached.trigger("t", Integer.class);
        cached.contextNode("write", other, BlobTest::write)
                .returns(Blob.class)
                .cache(CachePolicy.keepFor(Duration.ofHours(1)));
        assertThatThrownBy(cached::build)
                .isInstanceOf(InvalidFlowException.class)
                .hasMessageContaining("puts out a blob");
    }

    private FlowEngine engine() {
        return Durable.builder(memory).blobStore(blobs).build();
    }

    private static Flow flow() {
        FlowBuilder f = Flow.builder("streams");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Blob> written = f.contextNode("write", t, BlobTest::write).returns(Blob.class);
        f.node("count", written, BlobTest::count).returns(Long.class);
        return f.build();
    }

    private static Blob write(int chunks, NodeContext context) throws Exception {
        byte[] chunk = new byte[CHUNK];
        return context.blob(out -> {
            for (int i = 0; i < chunks; i++) {
                chunk[i % CHUNK] = (byte) i;
                out.write(chunk);
            }
        });
    }

    private static long count(Blob blob) throws IOException {
        byte[] buffer = new byte[8_192];
        long bytes = 0;
        try (InputStream in = blob.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        return bytes;
    }
}
