package dev.flowengine.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.Blob;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class StreamsTest {
    private static final int MEGABYTES = Integer.getInteger("flowengine.test.blobMegabytes", 16);

    @TempDir
    Path directory;

    @Test
    @DisplayName("However large a stream is, it goes through an execution and its redrive a buffer at a time")
    void large_streams() throws Exception {
        boolean[] fails = {true};
        FlowBuilder f = Flow.builder("streams");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Blob> written = f.contextNode(
                        "write",
                        t,
                        (megabytes, context) -> context.blob(out -> {
                            byte[] chunk = new byte[1 << 16];
                            for (int i = 0; i < 16 * megabytes; i++) {
                                chunk[i % chunk.length]++;
                                out.write(chunk);
                            }
                        }))
                .returns(Blob.class);
        NodeRef<Blob> merged = f.merge("merged", written);
        f.node("count", merged, blob -> {
                    if (fails[0]) {
                        throw new IllegalStateException("not yet");
                    }
                    try (InputStream in = blob.open()) {
                        return in.transferTo(OutputStream.nullOutputStream());
                    }
                })
                .returns(Long.class);
        Flow flow = f.build();
        try (FlowEngine engine = FlowEngine.builder()
                .store(new InMemoryExecutionStore())
                .blobStore(FileBlobStore.in(directory))
                .build()) {
            String first =
                    engine.executeFromTrigger(flow, "t", MEGABYTES).await().executionId();
            fails[0] = false;
            ExecutionResult end = engine.redrive(first).start().await();

            assertThat(end.output("count", Long.class)).isEqualTo((long) MEGABYTES << 20);
            assertThat(end.output("write", Blob.class).size()).isEqualTo((long) MEGABYTES << 20);
        }
    }
}
