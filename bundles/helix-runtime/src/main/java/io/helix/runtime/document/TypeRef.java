package io.helix.runtime.document;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names an agent type: {@code http.request@1}, or {@code http.request} for whatever version is deployed.
 *
 * @param major 0 for any
 */
public record TypeRef(String type, int major) {
    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9-]*(?:\\.[a-z0-9][a-z0-9-]*)*)(?:@(\\d{1,6}))?");

    static TypeRef parse(String text, Fields fields, String key) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            if (!text.isEmpty()) {
                fields.problem(key, "'" + text + "' does not name an agent type: write for example http.request@1");
            }
            return new TypeRef("none", 0);
        }
        return new TypeRef(matcher.group(1), matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
        return major == 0 ? type : type + "@" + major;
    }
}
