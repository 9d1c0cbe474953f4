package io.helix.drools;

import org.drools.base.definitions.InternalKnowledgePackage;
import org.drools.base.definitions.impl.KnowledgePackageImpl;
import org.drools.core.reteoo.CoreComponentFactory;
import org.drools.core.reteoo.LeftInputAdapterNode;
import org.drools.core.reteoo.ObjectSource;
import org.drools.core.reteoo.builder.BuildContext;
import org.drools.core.reteoo.builder.NodeFactory;
import org.drools.core.reteoo.builder.PhreakNodeFactory;

/** Makes Drools end our rules in a {@link HitNode}. Found by Drools as a service. */
public final class HitComponentFactory implements CoreComponentFactory {
    private final NodeFactory nodes = new HitNodeFactory();

    @Override
    public NodeFactory getNodeFactoryService() {
        return nodes;
    }

    @Override
    public InternalKnowledgePackage createKnowledgePackage(String name) {
        return new KnowledgePackageImpl(name);
    }

    private static final class HitNodeFactory extends PhreakNodeFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public LeftInputAdapterNode buildLeftInputAdapterNode(
                int id, ObjectSource source, BuildContext context, boolean terminal) {
            Object end = context.getRule().getMetaData().get(HitNode.BUCKET);
            return end instanceof Bucket bucket
                    ? new HitNode(id, source, context, bucket)
                    : super.buildLeftInputAdapterNode(id, source, context, terminal);
        }
    }
}
