/** Which agent types are deployed, which agents run, and what they get from Helix. */
@NullMarked
package io.helix.runtime.agent;

import org.jspecify.annotations.NullMarked;
