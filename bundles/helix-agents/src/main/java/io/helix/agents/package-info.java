/** The built-in agents: one class each, with its configuration beside it. See docs/agents.md. */
@NullMarked
package io.helix.agents;

import org.jspecify.annotations.NullMarked;
