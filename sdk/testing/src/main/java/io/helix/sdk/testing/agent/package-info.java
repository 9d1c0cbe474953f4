/**
 * Tests agents without a server. {@link io.helix.sdk.testing.agent.AgentKit} hands an agent a world that the test
 * controls: clock, state, credentials, network.
 */
@NullMarked
package io.helix.sdk.testing.agent;

import org.jspecify.annotations.NullMarked;
