package io.helix.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SuppressWarnings("ThreadPriorityCheck") // as the engine does
final class CompilerThreadsTest {
    private final Thread compiler = new Thread(this::compile, "TruffleCompilerThread-test");
    private final Thread other = new Thread(this::work, "another");
    private volatile boolean compiled;
    private volatile boolean over;

    @BeforeEach
    void start() {
        compiler.setPriority(Thread.MAX_PRIORITY);
        compiler.start();
        other.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        compiled = true;
        over = true;
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
    @Timeout(60)
    void showWhatTheyWorkAndNotWhatOthersDo() throws InterruptedException {
        while (CompilerThreads.cpuNanos() == 0) {
            Thread.onSpinWait();
        }
        compiled = true;
        compiler.join();
        assertEquals(0, CompilerThreads.cpuNanos());
    }

    private void compile() {
        while (!compiled) {
            Thread.onSpinWait();
        }
    }

    private void work() {
        while (!over) {
            Thread.onSpinWait();
        }
    }
}
