package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.wasm.InstancePool.Lent;
import io.helix.wasm.InstancePool.Slot;
import io.helix.wasm.PluginStats.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A loaded version of a module: calls it on instances of its own, each call with a deadline. Thread safe. */
final class WasmModule {
    private static final Duration PREPARATION = Duration.ofSeconds(10);

    private final String name;
    private final Supplier<GuestInstance> factory;
    private final Limits limits;
    private final Sandbox sandbox;
    private final PluginStats stats;
    private final InstancePool pool;
    private final Rests rests = new Rests(System::nanoTime);

    /** @param name for people: of the plugin */
    WasmModule(String name, Limits limits, Sandbox sandbox, PluginStats stats, Supplier<GuestInstance> factory) {
        this.name = name;
        this.limits = limits;
        this.sandbox = sandbox;
        this.stats = stats;
        this.factory = factory;
        this.pool = new InstancePool(limits.concurrency(), limits.memoryPages(), sandbox.budgets(), factory);
    }

    /** Compiles and instantiates it once, so that a file that cannot work never replaces one that does. */
    void verify() {
        GuestInstance trial = factory.get();
        Deadline deadline = sandbox.watchdog().begin(trial, PREPARATION);
        try {
            trial.prepare();
        } catch (GuestTrap e) {
            throw HelixException.invalid("the module cannot be instantiated: "
                    + (deadline.met() ? e.message() : "it ran over " + PREPARATION.toSeconds() + " s"));
        } finally {
            deadline.met();
            trial.close();
        }
    }

    /** An instance that is in no pool and counts for nobody; to be closed. */
    GuestInstance newInstance() {
        return factory.get();
    }

    /** Calls an instance of {@link #newInstance()}; what it returned. */
    int tryOut(GuestInstance instance, String export, HostCalls calls) {
        Deadline deadline = sandbox.watchdog().begin(instance, limits.timeout());
        calls.begin(deadline, null);
        try {
            int code = instance.call(export, calls);
            if (!deadline.met()) {
                throw new GuestTrap(overdue());
            }
            return code;
        } catch (GuestTrap e) {
            throw inTime(e, deadline) ? e : new GuestTrap(overdue());
        }
    }

    /** Makes an instance for who will call soon, so that the first call need not wait for it. It is not called. */
    void prepare(Owner owner) {
        try {
            if (pool.take(owner, Duration.ZERO) instanceof Lent.Taken(Slot slot)) {
                finish(slot, prepare(slot));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean prepare(Slot slot) {
        Deadline deadline = sandbox.watchdog().begin(slot.instance(), PREPARATION);
        try {
            slot.instance().prepare();
            return deadline.met();
        } catch (GuestTrap e) {
            return false; // the call will say why
        } finally {
            deadline.met();
        }
    }

    /** @return what the handler returned */
    int call(Owner owner, String export, HostCalls calls) throws AgentException {
        rest(owner);
        beginCall(owner);
        try {
            return call(take(owner), export, calls);
        } finally {
            sandbox.budgets().endCall(owner.profile());
        }
    }

    private void rest(Owner owner) throws AgentException {
        try {
            TimeUnit.NANOSECONDS.sleep(rests.left(owner));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private int call(Slot slot, String export, HostCalls calls) throws AgentException {
        Outcome outcome = Outcome.TRAPPED;
        boolean wasOver = false;
        long began = System.nanoTime();
        Deadline deadline = sandbox.watchdog().begin(slot.instance(), limits.timeout());
        calls.begin(deadline, sandbox.errands());
        try {
            int code = slot.instance().call(export, calls);
            if (!deadline.met()) {
                outcome = Outcome.KILLED;
                throw AgentException.permanent("plugin " + name + " " + overdue());
            }
            outcome = code == 0 ? Outcome.DONE : Outcome.FAILED;
            return code;
        } catch (GuestTrap e) {
            if (inTime(e, deadline)) {
                wasOver = e.bound() != null;
                stats.over(e.bound());
                throw AgentException.permanent("plugin " + name + " " + reason(e, calls), e);
            }
            outcome = Outcome.KILLED;
            throw AgentException.permanent("plugin " + name + " " + overdue());
        } finally {
            deadline.met(); // also when a defect of ours got here: the watchdog forgets the call
            long took = System.nanoTime() - began;
            stats.ended(outcome, calls.counts(), took);
            if (wasOver || outcome == Outcome.KILLED) {
                rests.stopped(slot.owner(), took);
            } else {
                rests.ended(slot.owner());
            }
            finish(slot, outcome == Outcome.DONE || outcome == Outcome.FAILED);
        }
    }

    private static boolean inTime(GuestTrap trap, Deadline deadline) {
        return deadline.met() && trap.kind() != GuestTrap.Kind.OVER_TIME;
    }

    /** What the guest wrote before it trapped says more than the trap; refusals to start have it already. */
    private static String reason(GuestTrap trap, HostCalls calls) {
        String output = calls.outputText();
        return output.isBlank() || trap.kind() == GuestTrap.Kind.REFUSED_TO_START
                ? trap.message()
                : trap.message() + ": " + ShownText.of(output);
    }

    private void finish(Slot slot, boolean healthy) {
        if (healthy) {
            pool.giveBack(slot);
        } else {
            pool.discard(slot);
        }
    }

    private void beginCall(Owner owner) throws AgentException {
        try {
            if (sandbox.budgets().beginCall(owner.profile(), limits.timeout())) {
                return;
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        throw rejected("profile " + owner.profile() + " has "
                + sandbox.budgets().share(owner.profile()).calls()
                + " calls of plugins running, as many as it may (" + ProfileShares.CALLS
                + " of io.helix.wasm)");
    }

    private Slot take(Owner owner) throws AgentException {
        Lent lent;
        try {
            lent = pool.take(owner, limits.timeout());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return switch (lent) {
            case Lent.Taken(Slot slot) -> slot;
            case Lent.Busy() ->
                throw rejected("all " + limits.concurrency() + " instances of plugin " + name + " are busy");
            case Lent.NoMemory() ->
                throw rejected("the instances of profile " + owner.profile() + " use the "
                        + sandbox.budgets().share(owner.profile()).pages()
                        + " memory pages that it may have (" + ProfileShares.PAGES + " of io.helix.wasm)");
        };
    }

    private AgentException rejected(String reason) {
        stats.rejected();
        return AgentException.retryable(reason);
    }

    private AgentException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return AgentException.retryable("plugin " + name + " was interrupted before it began", e);
    }

    private String overdue() {
        return "ran over its deadline of " + limits.timeout().toMillis() + " ms and was stopped";
    }

    int instances() {
        return pool.instances();
    }

    long memoryBytes() {
        return pool.memoryBytes();
    }

    /** Calls that are running finish, and whoever still holds it may call it; it keeps no instance any more. */
    void retire() {
        pool.retire();
    }
}
