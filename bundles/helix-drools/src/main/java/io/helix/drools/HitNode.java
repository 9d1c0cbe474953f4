package io.helix.drools;

import org.drools.core.common.InternalFactHandle;
import org.drools.core.common.PropagationContext;
import org.drools.core.common.ReteEvaluator;
import org.drools.core.reteoo.LeftInputAdapterNode;
import org.drools.core.reteoo.ObjectSource;
import org.drools.core.reteoo.builder.BuildContext;

/**
 * The end of the way of an event through the network. Drools would make a tuple here and put the rule on the agenda of
 * a session; we only look at the bucket. One for each bucket: Drools shares adapters of its own class only.
 */
final class HitNode extends LeftInputAdapterNode {
    /** The key of the rule's metadata where the bucket is found. */
    static final String BUCKET = "helix";

    private static final long serialVersionUID = 1L;

    private final transient Bucket bucket;

    HitNode(int id, ObjectSource source, BuildContext context, Bucket bucket) {
        super(id, source, context);
        this.bucket = bucket;
    }

    @Override
    public void assertObject(InternalFactHandle handle, PropagationContext context, ReteEvaluator evaluator) {
        ((Probe) handle).reach(bucket);
    }
}
