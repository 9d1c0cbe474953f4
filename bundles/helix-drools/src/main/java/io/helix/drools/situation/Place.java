package io.helix.drools.situation;

import org.drools.core.WorkingMemoryEntryPoint;
import org.drools.core.reteoo.ObjectTypeNode;

/** Where the facts of a shape go. */
record Place(WorkingMemoryEntryPoint entryPoint, ObjectTypeNode hits, Foresight foresight) {}
