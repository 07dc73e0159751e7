package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

@DisplayName("the contract finds the blob store that breaks it")
class BlobStoreContractTest {
    private static UnaryOperator<BlobStore> breaking = store -> store;

    static Stream<Arguments> brokenStores() {
        return Stream.of(
                broken("what_is_not_committed_is_not_there", CommitsByClosing::new),
                broken("whatever_a_run_is_called_its_blobs_are_its_own", IgnoresCase::new),
                broken("removing_a_run_removes_all_of_it_and_nothing_else", RemovesNothing::new),
                broken("runs_are_listed_once_nothing_was_written_for_as_long_as_asked", ListsTheYoung::new),
                broken("pages_hold_each_run_once_though_some_are_removed_in_between", BeginsAgain::new));
    }

    private static Arguments broken(String sentence, UnaryOperator<BlobStore> how) {
        return Arguments.of(sentence, how);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenStores")
    void by_the_sentence_that_is_broken(String sentence, UnaryOperator<BlobStore> how) {
        breaking = how;
        List<String> failed = new ArrayList<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Broken.class))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (test.isTest() && result.getStatus() == TestExecutionResult.Status.FAILED) {
                                    failed.add(test.getDisplayName().replace("()", ""));
                                }
                            }
                        });

        assertThat(failed).as("sentences that failed").contains(sentence);
    }

    /** Not found by itself: its name is none of a test. */
    static class Broken extends BlobStoreContract {

        @Override
        protected BlobFixture open() {
            InMemoryBlobStore memory = new InMemoryBlobStore();
            BlobStore store = breaking.apply(memory);
            return new BlobFixture() {
                @Override
                public BlobStore store() {
                    return store;
                }

                @Override
                public void advance(Duration by) {
                    memory.advance(by);
                }
            };
        }
    }

    /** A store that keeps every promise, for others to break one. */
    private static class Sound implements BlobStore {
        final BlobStore store;

        Sound(BlobStore store) {
            this.store = store;
        }

        @Override
        public BlobWriter write(BlobKey key) throws IOException {
            return store.write(key);
        }

        @Override
        public Optional<InputStream> read(BlobKey key) throws IOException {
            return store.read(key);
        }

        @Override
        public void remove(String executionId) throws IOException {
            store.remove(executionId);
        }

        @Override
        public List<String> idleRuns(Duration atLeast, @Nullable String after, int limit) throws IOException {
            return store.idleRuns(atLeast, after, limit);
        }
    }

    private static final class CommitsByClosing extends Sound {
        CommitsByClosing(BlobStore store) {
            super(store);
        }

        @Override
        public BlobWriter write(BlobKey key) throws IOException {
            BlobWriter sound = super.write(key);
            return new BlobWriter() {
                private boolean ended;

                @Override
                public void write(int one) throws IOException {
                    sound.write(one);
                }

                @Override
                public void commit() throws IOException {
                    ended = true;
                    sound.commit();
                }

                @Override
                public void close() throws IOException {
                    if (!ended) {
                        commit();
                    }
                }
            };
        }
    }

    private static final class IgnoresCase extends Sound {
        IgnoresCase(BlobStore store) {
            super(store);
        }

        @Override
        public BlobWriter write(BlobKey key) throws IOException {
            return super.write(small(key));
        }

        @Override
        public Optional<InputStream> read(BlobKey key) throws IOException {
            return super.read(small(key));
        }

        private static BlobKey small(BlobKey key) {
            return new BlobKey(key.executionId().toLowerCase(Locale.ROOT), key.name());
        }
    }

    private static final class RemovesNothing extends Sound {
        RemovesNothing(BlobStore store) {
            super(store);
        }

        @Override
        public void remove(String executionId) {
            // Nothing.
        }
    }

    private static final class ListsTheYoung extends Sound {
        ListsTheYoung(BlobStore store) {
            super(store);
        }

        @Override
        public List<String> idleRuns(Duration atLeast, @Nullable String after, int limit) throws IOException {
            return super.idleRuns(Duration.ZERO, after, limit);
        }
    }

    private static final class BeginsAgain extends Sound {
        BeginsAgain(BlobStore store) {
            super(store);
        }

        @Override
        public List<String> idleRuns(Duration atLeast, @Nullable String after, int limit) throws IOException {
            return super.idleRuns(atLeast, null, limit);
        }
    }
}
