@NullMarked
package io.helix.wasm;

import org.jspecify.annotations.NullMarked;
