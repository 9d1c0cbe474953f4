package io.helix.shell;

import io.helix.api.document.Kind;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:policies}. */
@Service
@Command(scope = "helix", name = "policies", description = "Lists policies")
public final class ListPolicies extends ListDocuments {
    public ListPolicies() {
        super(Kind.POLICY);
    }
}
