@NullMarked
package io.helix.sdk.processor;

import org.jspecify.annotations.NullMarked;
