package dev.flowengine.persistence.tck;

import dev.flowengine.model.LogLine;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.PostAnswer;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.persistence.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stores that break one promise about writing each. */
final class BrokenStores {

    private BrokenStores() {}

    /** Answers batches one by one by a function of the store and the batch. */
    static ExecutionStore applying(ExecutionStore store, BiFunction<ExecutionStore, RunBatch, BatchAnswer> how) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<BatchAnswer> apply(List<RunBatch> batches) {
                return batches.stream().map(batch -> how.apply(store, batch)).toList();
            }
        };
    }

    static BatchAnswer keepsHalfOfWhatItRefuses(ExecutionStore store, RunBatch batch) {
        BatchAnswer answer = store.apply(batch);
        if (answer.outcome() == BatchAnswer.Outcome.REJECTED) {
            long revision =
                    store.find(batch.executionId()).orElseThrow().ownership().revision();
            RunBatch.Builder half = RunBatch.of(batch.executionId(), batch.epoch(), revision + 1);
            batch.logs().forEach(half::log);
            store.apply(half.build());
        }
        return answer;
    }

    static ExecutionStore refusesAllAfterOne(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<BatchAnswer> apply(List<RunBatch> batches) {
                List<BatchAnswer> answers = new ArrayList<>();
                Optional<BatchAnswer> refusal = Optional.empty();
                for (RunBatch batch : batches) {
                    BatchAnswer answer = refusal.orElseGet(() -> store.apply(batch));
                    refusal = answer.outcome() == BatchAnswer.Outcome.REJECTED ? Optional.of(answer) : refusal;
                    answers.add(answer);
                }
                return answers;
            }
        };
    }

    static BatchAnswer ignoresEpochs(ExecutionStore store, RunBatch batch) {
        long epoch = store.find(batch.executionId())
                .map(run -> run.ownership().epoch())
                .orElse(batch.epoch());
        return store.apply(with(batch, epoch, batch.revision()));
    }

    static BatchAnswer ignoresOrder(ExecutionStore store, RunBatch batch) {
        long revision = store.find(batch.executionId())
                .map(run -> run.ownership().revision() + 1)
                .orElse(batch.revision());
        return store.apply(with(batch, batch.epoch(), revision));
    }

    static BatchAnswer fencesRepetitions(ExecutionStore store, RunBatch batch) {
        boolean repeated = store.find(batch.executionId())
                .filter(run -> run.ownership().revision() >= batch.revision())
                .isPresent();
        return repeated ? BatchAnswer.fenced() : store.apply(batch);
    }

    static BatchAnswer skipsStepsItHas(ExecutionStore store, RunBatch batch) {
        Set<?> there = store.load(batch.executionId()).stream()
                .flatMap(image -> image.steps().stream())
                .map(step -> step.key())
                .collect(Collectors.toSet());
        return store.apply(new RunBatch(
                batch.executionId(),
                batch.epoch(),
                batch.revision(),
                batch.standing(),
                batch.state(),
                batch.inserted(),
                batch.updated(),
                batch.steps().stream()
                        .filter(step -> !there.contains(step.key()))
                        .toList(),
                batch.logs(),
                batch.audit(),
                batch.consumed()));
    }

    static BatchAnswer losesMessagesOfWhatFallsAsleep(ExecutionStore store, RunBatch batch) {
        List<String> pending = store.messages(batch.executionId()).stream()
                .map(record -> record.message().messageId())
                .toList();
        boolean sleeps = !(batch.standing() instanceof Standing.Owned);
        return store.apply(rewritten(batch, batch.inserted(), batch.logs(), sleeps ? pending : batch.consumed()));
    }

    static BatchAnswer cleansTexts(ExecutionStore store, RunBatch batch) {
        List<LogLine> clean = batch.logs().stream()
                .map(line -> new LogLine(
                        line.nodeId(),
                        line.iteration(),
                        line.attempt(),
                        line.instant(),
                        line.level(),
                        line.text().replace('\0', '?')))
                .toList();
        return store.apply(rewritten(batch, batch.inserted(), clean, batch.consumed()));
    }

    static BatchAnswer cutsPayloads(ExecutionStore store, RunBatch batch) {
        List<NodeRecord> cut = batch.inserted().stream().map(BrokenStores::cut).toList();
        return store.apply(rewritten(batch, cut, batch.logs(), batch.consumed()));
    }

    static ExecutionStore forgetsKeys(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<CreateAnswer> create(List<NewRun> runs) {
                return store.create(runs.stream().map(BrokenStores::withoutKey).toList());
            }
        };
    }

    static ExecutionStore hidesWhatIsThere(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<CreateAnswer> create(List<NewRun> runs) {
                return store.create(runs).stream()
                        .map(answer -> answer.existing().isPresent() ? CreateAnswer.created(1) : answer)
                        .toList();
            }
        };
    }

    static ExecutionStore takesMessagesForRunsThatEnded(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public PostAnswer post(String executionId, Message message) {
                PostAnswer answer = store.post(executionId, message);
                return answer == PostAnswer.TERMINAL ? PostAnswer.POSTED : answer;
            }
        };
    }

    static ExecutionStore postsAgainWhatWasActedUpon(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public PostAnswer post(String executionId, Message message) {
                boolean pending = store.messages(executionId).stream()
                        .anyMatch(record -> record.message().messageId().equals(message.messageId()));
                PostAnswer answer = store.post(executionId, message);
                if (answer != PostAnswer.DUPLICATE || pending) {
                    return answer;
                }
                return store.post(executionId, Message.control("again", message.type(), "", ""));
            }
        };
    }

    static ExecutionStore turnsMessagesAround(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<MessageRecord> messages(String executionId) {
                List<MessageRecord> messages = new ArrayList<>(store.messages(executionId));
                Collections.reverse(messages);
                return messages;
            }
        };
    }

    /** The run is as it was at the read before, and the rest as it is. */
    static ExecutionStore tearsReadsApart(ExecutionStore store) {
        Map<String, RunRecord> before = Collections.synchronizedMap(new TreeMap<>());
        return new ForwardingExecutionStore(store) {
            @Override
            public Optional<RunImage> load(String executionId) {
                return store.load(executionId).map(image -> {
                    RunRecord stale = before.put(executionId, image.run());
                    RunRecord run = stale == null ? image.run() : stale;
                    return new RunImage(run, image.input(), image.nodes(), image.steps(), image.messages());
                });
            }
        };
    }

    static ExecutionStore turnsTrailsAround(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public Optional<RunTrail> trail(String executionId) {
                return store.trail(executionId).map(trail -> {
                    List<LogLine> logs = new ArrayList<>(trail.logs());
                    Collections.reverse(logs);
                    return new RunTrail(logs, trail.audit());
                });
            }
        };
    }

    static ExecutionStore claimsWhatTheWorkerDoesNotKnow(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<Claim> claim(ClaimRequest request) {
                Set<FlowKey> all =
                        store.backlog().stream().map(entry -> entry.flow()).collect(Collectors.toSet());
                return store.claim(new ClaimRequest(request.workerId(), all, request.limit()));
            }
        };
    }

    static ExecutionStore handsOutTwice(ExecutionStore store) {
        Map<String, List<Claim>> handedOut = Collections.synchronizedMap(new TreeMap<>());
        return new ForwardingExecutionStore(store) {
            @Override
            public List<Claim> claim(ClaimRequest request) {
                List<Claim> others = handedOut.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(request.workerId()))
                        .flatMap(entry -> entry.getValue().stream())
                        .limit(1)
                        .toList();
                List<Claim> claims = store.claim(request);
                handedOut.put(request.workerId(), claims);
                return Stream.concat(claims.stream(), others.stream()).toList();
            }
        };
    }

    static ExecutionStore forgetsTries(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<Claim> claim(ClaimRequest request) {
                return store.claim(request).stream()
                        .map(claim -> new Claim(claim.executionId(), claim.flow(), claim.epoch(), 0))
                        .toList();
            }
        };
    }

    static ExecutionStore keepsTheLastStructure(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public FlowRecord register(FlowRecord flow) {
                store.register(flow);
                return flow;
            }
        };
    }

    private static RunBatch with(RunBatch batch, long epoch, long revision) {
        return new RunBatch(
                batch.executionId(),
                epoch,
                revision,
                batch.standing(),
                batch.state(),
                batch.inserted(),
                batch.updated(),
                batch.steps(),
                batch.logs(),
                batch.audit(),
                batch.consumed());
    }

    private static RunBatch rewritten(
            RunBatch batch, List<NodeRecord> inserted, List<LogLine> logs, List<String> consumed) {
        return new RunBatch(
                batch.executionId(),
                batch.epoch(),
                batch.revision(),
                batch.standing(),
                batch.state(),
                inserted,
                batch.updated(),
                batch.steps(),
                logs,
                batch.audit(),
                consumed);
    }

    private static NodeRecord cut(NodeRecord row) {
        Map<String, Payload> outputs = new TreeMap<>(row.result().outputs());
        outputs.replaceAll((port, payload) ->
                Payload.of(payload.contentType(), Arrays.copyOf(payload.bytes(), Math.min(payload.size(), 65_535))));
        NodeResult result = new NodeResult(
                row.result().firedPorts(),
                outputs,
                row.result().error(),
                row.result().handled(),
                row.result().skipReason(),
                row.result().origin());
        return new NodeRecord(row.key(), row.status(), row.seq(), row.workerId(), row.times(), result, row.decidedBy());
    }

    private static NewRun withoutKey(NewRun run) {
        RunHeader header = run.header();
        RunHeader bare = RunHeader.of(header.executionId(), header.flow(), header.startNode(), header.createdAt())
                .userId(header.userId().orElse(null))
                .build();
        return new NewRun(bare, run.input(), run.state(), run.standing(), run.workerId(), run.nodes(), run.audit());
    }
}
