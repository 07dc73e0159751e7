package dev.flowengine.persistence.tck;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * The contract of {@link dev.flowengine.persistence.ExecutionStore} as tests. The author of a store extends this class and says
 * how a store is opened:
 *
 * <pre>{@code
 * class MyStoreTest extends ExecutionStoreContract {
 *     protected StoreFixture open() {
 *         return new MyFixture();
 *     }
 * }
 * }</pre>
 *
 * <p>Each part of the contract is a nested class, so that what fails is named by its part and its sentence. Parts about
 * abilities the store does not have are reported as skipped.
 */
public abstract class ExecutionStoreContract {

    /** For subclasses. */
    protected ExecutionStoreContract() {}

    /**
     * Opens an empty store for one test. It is closed after the test.
     *
     * @return the store, with a clock the test sets forward
     */
    protected abstract StoreFixture open();

    @Nested
    @DisplayName("create")
    class Create extends CreateClauses {
        Create() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("apply")
    class Apply extends ApplyClauses {
        Apply() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("rows of nodes")
    class Rows extends NodeRowClauses {
        Rows() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("S43 R3 R4 epochs")
    class Fencing extends FencingClauses {
        Fencing() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("S44 terminal is absorbing")
    class Terminal extends TerminalClauses {
        Terminal() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("post and messages")
    class Messages extends MessageClauses {
        Messages() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("S43 R5 claim")
    class Claims extends ClaimClauses {
        Claims() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("S43 renew and retire")
    class Leases extends LeaseClauses {
        Leases() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("recorded steps")
    class Steps extends StepClauses {
        Steps() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("R36 TransactionalSteps")
    class InTransactions extends TransactionalStepsClauses {
        InTransactions() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("R23 texts")
    class Texts extends TextClauses {
        Texts() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("payloads and instants")
    class Values extends ValueClauses {
        Values() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("S45 query")
    class Queries extends QueryClauses {
        Queries() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("S45 R31 purge")
    class Purging extends PurgeClauses {
        Purging() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("register")
    class Flows extends FlowClauses {
        Flows() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("OnceMarks")
    class Marks extends OnceMarksClauses {
        Marks() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("S40 R30 Counters")
    class Counting extends CountersClauses {
        Counting() {
            super(ExecutionStoreContract.this::open);
        }
    }

    @Nested
    @DisplayName("ResultCacheStore")
    class Caching extends ResultCacheClauses {
        Caching() {
            super(ExecutionStoreContract.this::open);
        }
    }
}
