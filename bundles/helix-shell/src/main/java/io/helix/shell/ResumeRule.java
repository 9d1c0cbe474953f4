package io.helix.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:rule-resume}. */
@Service
@Command(
        scope = "helix",
        name = "rule-resume",
        description = "Lets a suspended rule go on, with an empty memory; helix:rules says why it is suspended")
public final class ResumeRule extends HelixCommand {
    @Argument(index = 0, name = "name", description = "The name of the rule", required = true)
    @Completion(RuleNames.class)
    String name = "";

    @Override
    void run(Screen screen) {
        control().resumeRule(caller(), profile(), name);
        screen.line("rule " + name + " goes on");
    }
}
