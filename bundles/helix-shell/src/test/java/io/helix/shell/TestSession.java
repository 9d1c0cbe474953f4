package io.helix.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.sdk.testing.control.FakeControlPlane;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** A session that remembers what was printed, has variables and answers a prompt. */
final class TestSession {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream console = new PrintStream(printed, true, StandardCharsets.UTF_8);
    final Map<String, Object> variables = new HashMap<>();
    Path directory = Path.of("");
    String typed = "";

    Session session() {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> answer(method.getName(), arguments));
    }

    private @Nullable Object answer(String method, Object[] arguments) {
        return switch (method) {
            case "getConsole" -> console;
            case "get" -> variables.get(arguments[0]);
            case "currentDir" -> directory;
            case "readLine" -> {
                if (typed.isEmpty()) {
                    throw new UnsupportedOperationException(method);
                }
                yield typed;
            }
            default -> throw new UnsupportedOperationException(method);
        };
    }

    /** What the command prints; every line of it fits the terminal. */
    String execute(HelixCommand command, FakeControlPlane control) throws Exception {
        int before = printed().length();
        command.control = control;
        command.session = session();
        command.execute();
        String printed = printed().substring(before);
        assertThat(printed.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Table.WIDTH));
        return printed;
    }

    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
