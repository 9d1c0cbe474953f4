package io.helix.wasm;

import io.helix.api.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What all plugins together may take for each profile.
 *
 * @param usual of a profile that is not named
 */
record ProfileShares(Share usual, Map<String, Share> named) {
    static final String CALLS = "profile.calls.max";
    static final String PAGES = "profile.memory.pages.max";

    /**
     * @param calls how many may run at once
     * @param pages of memory that all instances may come to have, in use or idle
     */
    record Share(int calls, int pages) {}

    ProfileShares {
        named = Map.copyOf(named);
    }

    Share of(String profile) {
        return named.getOrDefault(profile, usual);
    }

    /**
     * With the profiles that a configuration names, in keys such as {@code profile.calls.max.NAME}. Where it is wrong the
     * usual holds.
     *
     * @param complain is told what is wrong
     */
    static ProfileShares read(Map<String, ?> configuration, Share usual, Consumer<String> complain) {
        Map<String, Integer> calls = numbers(configuration, CALLS, usual.calls(), complain);
        Map<String, Integer> pages = numbers(configuration, PAGES, usual.pages(), complain);
        Set<String> profiles = new HashSet<>(calls.keySet());
        profiles.addAll(pages.keySet());
        Map<String, Share> named = new HashMap<>();
        for (String profile : profiles) {
            named.put(
                    profile,
                    new Share(calls.getOrDefault(profile, usual.calls()), pages.getOrDefault(profile, usual.pages())));
        }
        return new ProfileShares(usual, named);
    }

    private static Map<String, Integer> numbers(
            Map<String, ?> configuration, String key, int usual, Consumer<String> complain) {
        Map<String, Integer> numbers = new HashMap<>();
        configuration.forEach((name, value) -> {
            if (!name.startsWith(key + ".")) {
                return;
            }
            String profile = name.substring(key.length() + 1);
            if (!Names.valid(profile)) {
                complain.accept(ShownText.of(name) + " does not end with the name of a profile; it is left out");
                return;
            }
            try {
                numbers.put(profile, positive(String.valueOf(value)));
            } catch (NumberFormatException e) {
                complain.accept(
                        name + " = '" + ShownText.of(String.valueOf(value)) + "' is not a whole number from 1 to "
                                + Integer.MAX_VALUE + "; profile " + profile + " has " + usual + ", as others have");
            }
        });
        return numbers;
    }

    private static int positive(String text) {
        int number = Integer.parseInt(text.strip());
        if (number < 1) {
            throw new NumberFormatException("not positive");
        }
        return number;
    }
}
