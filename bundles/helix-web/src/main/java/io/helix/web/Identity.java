package io.helix.web;

import io.helix.api.control.Caller;
import java.util.function.BooleanSupplier;

/**
 * Who calls.
 *
 * @param stillValid asks again whether the key is valid, for what outlives a request
 */
record Identity(Caller caller, BooleanSupplier stillValid) {}
