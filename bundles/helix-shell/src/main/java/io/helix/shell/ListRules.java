package io.helix.shell;

import io.helix.api.document.Kind;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:rules}. */
@Service
@Command(scope = "helix", name = "rules", description = "Lists rules")
public final class ListRules extends ListDocuments {
    public ListRules() {
        super(Kind.RULE);
    }
}
