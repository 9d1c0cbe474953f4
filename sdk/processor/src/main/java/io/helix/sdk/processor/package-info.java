/** Runs inside the compiler of agent authors: from an annotated class to a registered agent type. */
@NullMarked
package io.helix.sdk.processor;

import org.jspecify.annotations.NullMarked;
