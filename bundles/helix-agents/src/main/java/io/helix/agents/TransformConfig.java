package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Config;
import org.jspecify.annotations.Nullable;

/** What {@link Transform} makes of an event. */
record TransformConfig(
        @Config(value = "The type of the new event; without it, the type of the event that came", optional = true)
        @Nullable
        String type,

        @Config(value = "The subject of the new event; without it, that of the event that came", optional = true)
        @Nullable
        String subject,

        @Config(value = "The data of the new event. Not together with jsonata", optional = true) @Nullable
        JsonNode data,

        @Config(
                value = "A JSONata expression that gives the data of the new event. Its input is the event:"
                        + " type, subject, time, data and so on",
                optional = true)
        @Nullable
        String jsonata,

        @Config(
                value = "clean: the new data is all there is; merge: it is laid over the data that came, object"
                        + " by object",
                defaultValue = "\"clean\"")
        Mode mode,

        @Config(
                value = "What to do when the expression gives nothing: fail, or drop the event",
                defaultValue = "\"fail\"")
        Nothing onNothing) {
    enum Mode {
        CLEAN,
        MERGE
    }

    enum Nothing {
        FAIL,
        DROP
    }

    TransformConfig {
        if (data != null && jsonata != null) {
            throw HelixException.invalid("give either data or jsonata, not both");
        }
        if (jsonata != null) {
            JsonataExpression.parse(jsonata);
        }
    }
}
