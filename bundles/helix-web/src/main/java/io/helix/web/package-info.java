/** The HTTP edge: translates requests to calls of the control plane, and nothing else. */
@NullMarked
package io.helix.web;

import org.jspecify.annotations.NullMarked;
