package io.helix.wasm;

import java.util.Collections;
import java.util.List;

/** The signature of a wasm function; printed as wasm people write it, e.g. {@code (i32, i32) -> i32}. */
record FunctionType(List<String> parameters, List<String> results) {
    FunctionType {
        parameters = List.copyOf(parameters);
        results = List.copyOf(results);
    }

    static FunctionType ofInts(int parameters, int results) {
        return new FunctionType(Collections.nCopies(parameters, "i32"), Collections.nCopies(results, "i32"));
    }

    @Override
    public String toString() {
        String result = results.size() == 1 ? results.get(0) : "(" + String.join(", ", results) + ")";
        return "(" + String.join(", ", parameters) + ") -> " + result;
    }
}
