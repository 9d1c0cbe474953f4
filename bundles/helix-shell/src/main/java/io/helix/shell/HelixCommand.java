package io.helix.shell;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Page;
import io.helix.api.Problem;
import io.helix.api.control.Caller;
import io.helix.api.control.ControlPlane;
import io.helix.api.document.Document;
import io.helix.api.document.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;

/** What all commands share: the profile, JSON output, and failures in red. Karaf fills in the fields. */
abstract class HelixCommand implements Action {
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final int PAGE = 200;
    private static final int PATIENCE_SECONDS = 30;

    @Reference
    @Nullable
    ControlPlane control;

    @Reference
    @Nullable
    Session session;

    @Option(name = "--profile", description = "The profile; else the variable HELIX_PROFILE, else 'default'")
    @Nullable
    String profile;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    /** Does what the command is for. */
    abstract void run(Screen screen) throws IOException;

    @Override
    public final @Nullable Object execute() throws Exception {
        Session here = Objects.requireNonNull(session);
        try {
            run(new Screen(here.getConsole(), json));
            return null;
        } catch (HelixException e) {
            throw refused(e);
        } catch (IOException e) {
            throw refused(HelixException.invalid("cannot read the file: " + e.getMessage()));
        }
    }

    /** Karaf prints the first text as it is and logs nothing; a script stops here. */
    private static CommandException refused(HelixException failure) {
        return new CommandException(RED + shown(failure) + PLAIN, failure.message());
    }

    /** Each problem once; the message of a failure mostly names the first, and says nothing more then. */
    private static String shown(HelixException failure) {
        List<String> problems = failure.problems().stream()
                .map(Problem::toString)
                .map(Table::visible)
                .toList();
        String message = Table.visible(failure.message());
        boolean namesFirst = !problems.isEmpty() && message.contains(problems.getFirst());
        if (problems.size() > 1) {
            String head = namesFirst ? problems.size() + " problems" : message;
            return head + "\n  " + String.join("\n  ", problems);
        }
        return problems.isEmpty() || namesFirst ? message : message + "; " + problems.getFirst();
    }

    final ControlPlane control() {
        return Objects.requireNonNull(control);
    }

    final Session session() {
        return Objects.requireNonNull(session);
    }

    final Caller caller() {
        return control().localOperator(Operator.name(session));
    }

    final String profile() {
        return ProfileChoice.of(profile, session);
    }

    /** All documents of a kind. */
    final List<Document> documents(Kind kind) {
        Caller caller = caller();
        String where = kind == Kind.PROFILE ? caller.profile() : profile();
        List<Document> all = new ArrayList<>();
        String cursor = null;
        do {
            Page<Document> page = control().list(caller, where, kind, cursor, PAGE);
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    /** A file of the server; relative to the directory that the session is in. */
    final byte[] file(String name) throws IOException {
        return Files.readAllBytes(path(name));
    }

    /** A path on the server; relative to the directory that the session is in. */
    final Path path(String name) {
        Path here = session == null ? Path.of("") : session.currentDir();
        return (here == null ? Path.of("") : here).resolve(name);
    }

    /** The documents of a file of the server; null when there is none, and then there must be the name of a stored rule. */
    final @Nullable String documents(@Nullable String file, @Nullable String rule) throws IOException {
        if (file == null && rule == null) {
            throw HelixException.invalid("name a stored rule, or give a file with --file");
        }
        return file == null ? null : new String(file(file), StandardCharsets.UTF_8);
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HelixException helix
                    ? helix
                    : new HelixException(ErrorKind.INTERNAL, "it failed inside Helix: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw HelixException.unavailable("no answer within " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("interrupted");
        }
    }
}
