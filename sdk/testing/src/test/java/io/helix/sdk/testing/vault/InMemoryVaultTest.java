package io.helix.sdk.testing.vault;

import io.helix.api.vault.Vault;

class InMemoryVaultTest extends VaultContract {
    @Override
    protected Vault create() {
        return new InMemoryVault();
    }
}
