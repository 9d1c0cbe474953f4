package io.helix.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ThreadPriorityCheck") // as the engine does
final class CompilerThreadsTest {
    private final Thread compiler = new Thread(this::compile, "TruffleCompilerThread-test");
    private final Thread other = new Thread(this::compile, "another");
    private volatile boolean resting;

    @BeforeEach
    void start() {
        compiler.setPriority(Thread.MAX_PRIORITY);
        compiler.start();
        other.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        resting = true;
        compiler.join();
        other.join();
    }

    @Test
    void yieldToCallsAndOthersDoNot() {
        CompilerThreads.yieldToCalls();
        assertEquals(Thread.MIN_PRIORITY, compiler.getPriority());
        assertEquals(Thread.NORM_PRIORITY, other.getPriority());
    }

    @Test
    void showWhatTheyWork() {
        long before = CompilerThreads.cpuNanos();
        while (CompilerThreads.cpuNanos() <= before) {
            Thread.onSpinWait();
        }
        assertTrue(CompilerThreads.cpuNanos() > before);
    }

    private void compile() {
        while (!resting) {
            Thread.onSpinWait();
        }
    }
}
