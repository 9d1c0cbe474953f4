package io.helix.cedar;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.cedarpolicy.model.policy.Policy;

/**
 * One {@code permit} or {@code forbid} of a policy document, to Cedar a policy of its own.
 *
 * @param number from 1; 0 when the document has no other
 * @param document the text of the document
 * @param start where the statement begins in it
 */
record Statement(Policy policy, int number, String document, int start) {
    static Statement only(String documentId, String document) {
        return new Statement(new Policy(document, documentId), 0, document, 0);
    }

    static Statement oneOfSeveral(String documentId, int number, String source, String document, int start) {
        return new Statement(new Policy(source, documentId + "#" + number), number, document, start);
    }

    String source() {
        return policy.policySrc;
    }

    /** Where the statement is among the others; empty without others. */
    String place() {
        return number == 0 ? "" : "statement " + number;
    }

    /** @param offset in bytes of the statement in UTF-8, as Cedar counts */
    String place(int offset) {
        int before = document.substring(0, start).getBytes(UTF_8).length;
        SourcePosition position = SourcePosition.of(document, before + offset);
        return number == 0 ? position.toString() : place() + ", " + position;
    }
}
