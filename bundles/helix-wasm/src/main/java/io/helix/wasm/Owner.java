package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * For whom an instance works. Instances are never handed on to another owner: what one left in their memory, the next
 * could read.
 */
record Owner(String profile, String agent, ObjectNode config) {}
