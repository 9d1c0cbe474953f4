package io.helix.shell;

import io.helix.api.control.ControlPlane.Applied;
import io.helix.api.control.ControlPlane.ApplyOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** {@code helix:apply}. */
@Service
@Command(scope = "helix", name = "apply", description = "Applies the documents of a file, all or nothing")
public final class ApplyFile extends HelixCommand {
    @Argument(index = 0, name = "file", description = "A file of the server, YAML or JSON", required = true)
    @Completion(FileCompleter.class)
    String file = "";

    @Option(name = "--dry-run", description = "Only say what would change")
    boolean dryRun;

    @Option(name = "--force", description = "Apply rules although their tests fail")
    boolean force;

    @Override
    void run(Screen screen) throws IOException {
        String documents = new String(file(file), StandardCharsets.UTF_8);
        List<Applied> applied = control().apply(caller(), profile(), documents, new ApplyOptions(dryRun, force));
        if (screen.json()) {
            screen.json(applied);
            return;
        }
        applied.forEach(change -> show(screen, change));
    }

    private void show(Screen screen, Applied change) {
        String outcome = change.outcome().name().toLowerCase(Locale.ROOT);
        screen.line(change.key() + " " + (dryRun ? "would be " : "") + outcome + ", revision " + change.revision());
        screen.text(change.diff());
        change.warnings().forEach(warning -> screen.line("warning: " + warning));
    }
}
