package io.helix.wasm;

import java.time.Duration;

/**
 * Kills a loop of our own once, at the start: the first kill in a process has classes to load and code to compile, and a
 * plugin's deadline must not wait for that.
 */
final class KillRehearsal {
    /** {@code (module (func $f (loop (br 0))) (start $f))} */
    private static final byte[] LOOP = {
        0,
        'a',
        's',
        'm',
        1,
        0,
        0,
        0, // header
        1,
        4,
        1,
        0x60,
        0,
        0, // a type: () -> ()
        3,
        2,
        1,
        0, // a function of it
        8,
        1,
        0, // which is the start function
        10,
        9,
        1,
        7,
        0,
        0x03,
        0x40,
        0x0c,
        0,
        0x0b,
        0x0b // its code
    };

    private static final Duration PLAYED = Duration.ofMillis(20);

    private KillRehearsal() {}

    static void run(GraalEngine engine, Watchdog watchdog) {
        GuestInstance instance = engine.load("kill-rehearsal", LOOP).get();
        Deadline deadline = watchdog.begin(instance, PLAYED);
        try {
            instance.prepare();
        } catch (GuestTrap killed) {
            // as it should be
        } finally {
            deadline.met();
            instance.close();
        }
    }
}
