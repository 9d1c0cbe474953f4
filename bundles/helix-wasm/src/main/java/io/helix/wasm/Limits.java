package io.helix.wasm;

import java.time.Duration;

/**
 * The bounds of one call of a plugin, and the last two of the plugin itself.
 *
 * @param timeout of a call
 * @param hostCalls how often a call may ask Helix
 * @param events how many events it may emit
 * @param eventBytes how long these may be together
 * @param outputBytes how long its output may be
 * @param logLines how many lines it may log
 * @param concurrency how many calls may run at once
 * @param memoryPages of one instance, 64 KiB each
 */
record Limits(
        Duration timeout,
        int hostCalls,
        int events,
        int eventBytes,
        int outputBytes,
        int logLines,
        int concurrency,
        int memoryPages) {}
