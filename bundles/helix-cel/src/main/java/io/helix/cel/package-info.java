/** CEL as the expression language: lazy views of JSON, and a bound on everything that an expression can spend. */
@NullMarked
package io.helix.cel;

import org.jspecify.annotations.NullMarked;
