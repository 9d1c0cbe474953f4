package io.helix.wasm;

import io.helix.wasm.Manifest.Capabilities;

/**
 * On what terms the calls of a plugin run.
 *
 * @param plugin its name, which keeps what it stores apart from what others store
 * @param capabilities what it asks for; policies still have their say
 */
record Terms(String plugin, Limits limits, Capabilities capabilities, Encoding encoding) {}
