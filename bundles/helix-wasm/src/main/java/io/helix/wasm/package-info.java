/** {@code .wasm} plugins: reading the file, running it in a sandbox, offering its handlers as agent types. */
@NullMarked
package io.helix.wasm;

import org.jspecify.annotations.NullMarked;
