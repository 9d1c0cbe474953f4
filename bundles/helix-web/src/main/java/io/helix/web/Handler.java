package io.helix.web;

import java.io.IOException;

/** What a route does. */
@FunctionalInterface
interface Handler {
    Answer handle(Call call) throws IOException;
}
