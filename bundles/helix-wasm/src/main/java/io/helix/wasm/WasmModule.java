package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;

/** A loaded version of a module: calls it on instances of its own, each call with a deadline. Thread safe. */
final class WasmModule {
    private static final Duration PREPARATION = Duration.ofSeconds(10);

    private final String name;
    private final Supplier<GuestInstance> factory;
    private final ScheduledThreadPoolExecutor watchdog;
    private final InstancePool pool;

    WasmModule(String name, int instances, ScheduledThreadPoolExecutor watchdog, Supplier<GuestInstance> factory) {
        this.name = name;
        this.factory = factory;
        this.watchdog = watchdog;
        this.pool = new InstancePool(instances, factory);
    }

    /** Compiles and instantiates it once, so that a file that cannot work never replaces one that does. */
    void verify() {
        GuestInstance trial = factory.get();
        Deadline deadline = new Deadline(watchdog, trial, PREPARATION);
        try {
            trial.prepare();
        } catch (GuestTrap e) {
            throw HelixException.invalid("the module cannot be instantiated: " + e.message());
        } finally {
            deadline.met();
            trial.close();
        }
    }

    /** @return what the handler returned */
    int call(Owner owner, String export, HostCalls calls, Duration timeout) throws AgentException {
        InstancePool.Slot slot = take(owner, timeout);
        boolean healthy = false;
        Deadline deadline = new Deadline(watchdog, slot.instance(), timeout);
        try {
            int code = slot.instance().call(export, calls);
            healthy = deadline.met();
            if (!healthy) {
                throw overdue(timeout);
            }
            return code;
        } catch (GuestTrap e) {
            throw deadline.met() ? trapped(e) : overdue(timeout);
        } finally {
            finish(slot, healthy);
        }
    }

    private void finish(InstancePool.Slot slot, boolean healthy) {
        if (healthy) {
            pool.giveBack(slot);
        } else {
            pool.discard(slot);
        }
    }

    private InstancePool.Slot take(Owner owner, Duration patience) throws AgentException {
        try {
            InstancePool.Slot slot = pool.take(owner, patience);
            if (slot != null) {
                return slot;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AgentException.retryable("plugin " + name + " was interrupted before it began", e);
        }
        throw AgentException.retryable(
                pool.isClosed()
                        ? "plugin " + name + " has been replaced or removed"
                        : "all instances of plugin " + name + " are busy");
    }

    private AgentException overdue(Duration timeout) {
        return AgentException.permanent(
                "plugin " + name + " ran over its deadline of " + timeout.toMillis() + " ms and was stopped");
    }

    private AgentException trapped(GuestTrap trap) {
        return AgentException.permanent("plugin " + name + " " + trap.message(), trap);
    }

    void close() {
        pool.close();
    }
}
