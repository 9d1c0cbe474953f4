package io.helix.drools;

import org.drools.core.common.InternalFactHandle;
import org.drools.core.common.PropagationContext;
import org.drools.core.common.ReteEvaluator;
import org.drools.core.reteoo.LeftInputAdapterNode;
import org.drools.core.reteoo.ObjectSource;
import org.drools.core.reteoo.builder.BuildContext;

/**
 * The end of the way of an event through the network. Drools would make a tuple here and put the rule on the agenda of
 * a session; we only note the rule. One for each rule: Drools shares adapters of its own class only.
 */
final class HitNode extends LeftInputAdapterNode {
    /** The key of the rule's metadata where the rule is found. */
    static final String RULE = "helix";

    private static final long serialVersionUID = 1L;

    private final transient LiveRule rule;

    HitNode(int id, ObjectSource source, BuildContext context, LiveRule rule) {
        super(id, source, context);
        this.rule = rule;
    }

    @Override
    public void assertObject(InternalFactHandle handle, PropagationContext context, ReteEvaluator evaluator) {
        ((Probe) handle).reach(rule);
    }
}
