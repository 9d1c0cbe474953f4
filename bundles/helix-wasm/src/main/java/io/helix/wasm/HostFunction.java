package io.helix.wasm;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A function that Helix offers to guests under ABI helix/1. Every parameter and every result is an i32. */
enum HostFunction {
    INPUT_READ("helix_input_read", 2),
    RESULT_READ("helix_result_read", 2),
    OUTPUT_WRITE("helix_output_write", 2),
    EMIT_EVENT("helix_emit_event", 2),
    GET_CONFIG_VALUE("helix_get_config_value", 4),
    LOG_MESSAGE("helix_log_message", 3),
    KV_GET("helix_kv_get", 4),
    KV_SET("helix_kv_set", 5),
    KV_DELETE("helix_kv_delete", 2),
    KV_LIST("helix_kv_list", 4),
    HTTP_REQUEST("helix_http_request", 4),
    NOW("helix_now", 1),
    RANDOM("helix_random", 2),
    CALL("helix_call", 6);

    /** The import module of every function of this ABI. */
    static final String MODULE = "helix";

    private static final Map<String, HostFunction> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(HostFunction::importName, Function.identity()));

    private final String importName;
    private final FunctionType type;

    HostFunction(String importName, int parameters) {
        this.importName = importName;
        this.type = FunctionType.ofInts(parameters, 1);
    }

    String importName() {
        return importName;
    }

    FunctionType type() {
        return type;
    }

    static @Nullable HostFunction named(String importName) {
        return BY_NAME.get(importName);
    }
}
