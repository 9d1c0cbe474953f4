/** Benchmarks. A figure means something only next to a peer measured in the same run, so each has one. */
@NullMarked
package io.helix.bench;

import org.jspecify.annotations.NullMarked;
