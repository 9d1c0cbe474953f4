/** {@link io.helix.api.vault.Vault} on age (age-encryption.org), by the library jagged. */
@NullMarked
package io.helix.vault;

import org.jspecify.annotations.NullMarked;
