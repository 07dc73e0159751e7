package dev.flowengine.persistence.tck;

import java.util.EnumSet;
import java.util.Set;

/** What can be called of a store. */
public enum StoreCall {
    /** The structure of a flow is kept. */
    REGISTER,
    /** Runs are created. */
    CREATE,
    /** Batches are applied. */
    APPLY,
    /** A message is posted. */
    POST,
    /** A worker renews its lease. */
    RENEW,
    /** A worker claims runs. */
    CLAIM,
    /** Runs are handed back, one by one or with their worker. */
    RELEASE,
    /** Runs are removed. */
    PURGE,
    /** Anything is read. */
    READ,
    /** An optional ability is used. */
    ABILITY;

    /** What writes to runs, and happens at no time of its own: the calls that are counted unless others are named. */
    static final Set<StoreCall> WRITES_TO_RUNS = EnumSet.of(CREATE, APPLY, POST);
}
