package io.helix.wasm;

import java.time.Duration;

/**
 * What all plugins share.
 *
 * @param errands of the same budgets
 * @param limits of one call and one plugin, which a manifest can only lower, but for the time
 * @param longest the time that a manifest may ask for
 * @param longestWarmUp how long a version may serve on while the next one is being warmed up
 */
record Sandbox(
        GraalEngine engine,
        Watchdog watchdog,
        Budgets budgets,
        Errands errands,
        Limits limits,
        Duration longest,
        Duration longestWarmUp) {}
