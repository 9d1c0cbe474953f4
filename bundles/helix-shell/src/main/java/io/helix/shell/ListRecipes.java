package io.helix.shell;

import io.helix.api.document.Kind;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:recipes}. */
@Service
@Command(scope = "helix", name = "recipes", description = "Lists recipes")
public final class ListRecipes extends ListDocuments {
    public ListRecipes() {
        super(Kind.RECIPE);
    }
}
