package io.helix.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query string. The servlet API's own would read a form's body, which belongs to the handler.
 *
 * @param values by name, in order of appearance
 */
record QueryParameters(Map<String, List<String>> values) {
    private static final int MAX_PARAMETERS = 100;

    static QueryParameters parse(@Nullable String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query != null && !query.isEmpty()) {
            String[] pairs = query.split("&", MAX_PARAMETERS + 1);
            if (pairs.length > MAX_PARAMETERS) {
                throw new HttpFailure(400, "more than " + MAX_PARAMETERS + " query parameters");
            }
            for (String pair : pairs) {
                add(values, pair);
            }
        }
        values.replaceAll((name, list) -> List.copyOf(list));
        return new QueryParameters(Collections.unmodifiableMap(values));
    }

    private static void add(Map<String, List<String>> values, String pair) {
        if (pair.isEmpty()) {
            return;
        }
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    }

    private static String decode(String text) {
        return PercentCoding.decode(text.replace('+', ' '))
                .orElseThrow(() -> new HttpFailure(400, "the query string has a broken percent escape"));
    }

    Optional<String> first(String name) {
        List<String> list = values.getOrDefault(name, List.of());
        return list.isEmpty() || list.get(0).isEmpty() ? Optional.empty() : Optional.of(list.get(0));
    }
}
