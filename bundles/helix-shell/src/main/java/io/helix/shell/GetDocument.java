package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:get}. */
@Service
@Command(scope = "helix", name = "get", description = "Shows a document as YAML")
public final class GetDocument extends HelixCommand {
    @Argument(index = 0, name = "kind", description = "agent, rule, recipe, policy or profile", required = true)
    @Completion(KindWords.class)
    String kind = "";

    @Argument(index = 1, name = "name", description = "Its name", required = true)
    String name = "";

    @Override
    void run(Screen screen) {
        DocumentKey key = KindWords.key(profile(), kind, name);
        Document document = control()
                .find(caller(), key)
                .orElseThrow(
                        () -> HelixException.notFound("there is no " + key + " in profile '" + key.profile() + "'"));
        if (screen.json()) {
            screen.json(document.content());
        } else {
            screen.text("# revision " + document.revision() + " by " + document.author() + ", "
                    + ShellForms.time(document.time()) + " UTC");
            screen.text(ShellForms.yaml(document.content()));
        }
    }
}
