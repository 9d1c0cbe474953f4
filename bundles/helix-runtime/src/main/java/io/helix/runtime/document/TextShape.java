package io.helix.runtime.document;

import io.helix.api.rule.ValueTest;
import java.util.Optional;

/**
 * What a test says of a text: how it begins and ends.
 *
 * @param whole whether the text is {@code head}, and nothing before or after it
 * @param gaps whether there is more to it than that: something in the middle, or an address
 */
record TextShape(String head, String tail, boolean whole, boolean ignoreCase, boolean gaps) {

    /** Empty for a test that is not about text. */
    static Optional<TextShape> of(ValueTest test) {
        return switch (test) {
            case ValueTest.Equal equal ->
                equal.value().isTextual() ? Optional.of(whole(equal.value().textValue(), false)) : Optional.empty();
            case ValueTest.EqualIgnoreCase equal -> Optional.of(whole(equal.text(), true));
            case ValueTest.Prefix prefix ->
                Optional.of(new TextShape(prefix.text(), "", false, prefix.ignoreCase(), false));
            case ValueTest.Suffix suffix ->
                Optional.of(new TextShape("", suffix.text(), false, suffix.ignoreCase(), false));
            case ValueTest.Wildcard wildcard ->
                Optional.of(Glob.of(wildcard.glob()).shape());
            case ValueTest.Cidr cidr -> Optional.of(new TextShape("", "", false, false, true));
            case ValueTest.NumericRange range -> Optional.empty();
            case ValueTest.Exists exists -> Optional.empty();
            case ValueTest.AnythingBut but -> Optional.empty();
        };
    }

    static TextShape whole(String text, boolean ignoreCase) {
        return new TextShape(text, text, true, ignoreCase, false);
    }

    /** Whether no text has both shapes. */
    boolean excludes(TextShape other) {
        boolean folded = ignoreCase || other.ignoreCase;
        String a = fold(head, folded);
        String b = fold(other.head, folded);
        String c = fold(tail, folded);
        String d = fold(other.tail, folded);
        return !a.startsWith(b) && !b.startsWith(a)
                || !c.endsWith(d) && !d.endsWith(c)
                || whole && other.length() > length()
                || other.whole && length() > other.length();
    }

    /** Whether every text of this shape has the other; false when that cannot be told. */
    boolean within(TextShape other) {
        boolean bare = other.head.isEmpty() && other.tail.isEmpty();
        if (other.gaps || ignoreCase && !other.ignoreCase && !bare) {
            return false;
        }
        boolean longEnough = other.whole ? whole && length() == other.length() : length() >= other.length();
        return longEnough
                && fold(head, other.ignoreCase).startsWith(fold(other.head, other.ignoreCase))
                && fold(tail, other.ignoreCase).endsWith(fold(other.tail, other.ignoreCase));
    }

    /** The length of the shortest such text. */
    private int length() {
        return whole ? head.length() : head.length() + tail.length();
    }

    /** Code point by code point, as {@link String#equalsIgnoreCase} compares. */
    private static String fold(String text, boolean fold) {
        return fold
                ? text.codePoints()
                        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }
}
