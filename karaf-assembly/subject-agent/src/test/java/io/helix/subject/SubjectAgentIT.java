package io.helix.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs {@link SubjectProbe} in a JVM of its own, with and without the agent. */
class SubjectAgentIT {
    @Test
    void subjectFollowsTheActionAndTheThreadsItStarts() throws Exception {
        assertThat(probe("-javaagent:" + System.getProperty("agent.jar")))
                .containsExactly(
                        "outside: none",
                        "doAs: ann",
                        "callAs: ann",
                        "callAs that throws: ann",
                        "nested: bob",
                        "after nested: ann",
                        "as nobody: none",
                        "platform thread: ann",
                        "virtual thread: ann",
                        "JaasHelper.doAs: ann",
                        "JaasHelper.doAs that throws: ann",
                        "other thread: none",
                        "null action: NullPointerException",
                        "outside again: none");
    }

    @Test
    void withoutTheAgentTheJdkRefuses() throws Exception {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(24);

        assertThat(probe()).containsExactly("outside: UnsupportedOperationException");
    }

    private static List<String> probe(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SubjectProbe.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out.lines().toList();
    }
}
