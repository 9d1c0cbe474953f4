package io.helix.drools;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/** A lock that one thread at a time holds for a moment. */
final class Lane extends AbstractQueuedSynchronizer {
    private static final long serialVersionUID = 1L;

    /** Keeps lanes, each written by another processor, out of one another's cache lines. */
    @SuppressWarnings("unused")
    private long a1, a2, a3, a4, a5, a6, a7, a8, b1, b2, b3, b4, b5, b6, b7, b8;

    void enter() {
        acquire(1);
    }

    boolean tryEnter() {
        return getState() == 0 && compareAndSetState(0, 1);
    }

    void leave() {
        release(1);
    }

    @Override
    protected boolean tryAcquire(int ignored) {
        return tryEnter();
    }

    @Override
    protected boolean tryRelease(int ignored) {
        setState(0);
        return true;
    }
}
