@NullMarked
package io.helix.agents;

import org.jspecify.annotations.NullMarked;
