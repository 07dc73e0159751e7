package dev.flowengine.internal.kernel;

import dev.flowengine.persistence.StoreException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is to be said in the store, and nobody waits for: where the store fails for the moment, it is said again until it can be,
 * or the engine closes. Each is independent of the others. Thread-safe.
 */
final class PendingPosts {
    private final Set<Post> pending = ConcurrentHashMap.newKeySet();

    /** Says something with the next {@link #sayAgain}: it could not be said just now. */
    void later(Runnable what) {
        pending.add(new Post(what));
    }

    /** Says again what could not be said so far. */
    void sayAgain() {
        pending.forEach(Post::say);
    }

    /** Says what is left as long as the store takes it; nothing is said any more after that. */
    void close() {
        for (Post post : pending) {
            if (!post.say()) {
                return;
            }
        }
    }

    /** Says one thing once. */
    private final class Post {
        private final Runnable what;
        /** Not a monitor: it may take a while. */
        private final ReentrantLock turn = new ReentrantLock();

        private boolean said;

        Post(Runnable what) {
            this.what = what;
        }

        /** False if it cannot be said for the moment. */
        boolean say() {
            turn.lock();
            try {
                if (!said) {
                    what.run();
                    isSaid();
                }
                return true;
            } catch (StoreException away) {
                if (!away.isTransient()) {
                    isSaid();
                    report(away);
                    return true;
                }
                return false;
            } catch (RuntimeException | Error defect) {
                isSaid();
                report(defect);
                return true;
            } finally {
                turn.unlock();
            }
        }

        private void isSaid() {
            said = true;
            pending.remove(this);
        }
    }

    private static void report(Throwable defect) {
        Thread current = Thread.currentThread();
        current.getUncaughtExceptionHandler().uncaughtException(current, defect);
    }
}
