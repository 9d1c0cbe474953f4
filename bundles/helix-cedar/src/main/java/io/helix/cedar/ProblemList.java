package io.helix.cedar;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Problems of many documents, but no more of them than somebody reads. */
final class ProblemList {
    static final int MAX_OF_DOCUMENT = 20;
    static final int MAX_IN_ALL = 100;

    private final List<PolicyProblem> shown = new ArrayList<>();
    private final Map<String, Integer> ofDocument = new HashMap<>();
    private boolean closed;

    void addAll(Collection<PolicyProblem> problems) {
        problems.forEach(this::add);
    }

    /** Takes one more than it shows, to know whether there are more. */
    private void add(PolicyProblem problem) {
        if (!wants(problem.documentId())) {
            return;
        }
        int before = ofDocument.merge(problem.documentId(), 1, Integer::sum) - 1;
        if (before == MAX_OF_DOCUMENT) {
            shown.add(problem.instead("and more problems of this document"));
        } else if (shown.size() >= MAX_IN_ALL) {
            shown.add(problem.instead("and more problems, of this document and perhaps of others"));
            closed = true;
        } else {
            shown.add(problem);
        }
    }

    boolean wants(String documentId) {
        return !closed && ofDocument.getOrDefault(documentId, 0) <= MAX_OF_DOCUMENT;
    }

    boolean has(String documentId) {
        return ofDocument.containsKey(documentId);
    }

    List<PolicyProblem> shown() {
        return List.copyOf(shown);
    }
}
