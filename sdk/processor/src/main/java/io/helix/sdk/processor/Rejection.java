package io.helix.sdk.processor;

import javax.lang.model.element.Element;

/** Why an agent class is not accepted, and where in its source. */
final class Rejection extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Element place;

    Rejection(Element place, String message) {
        super(message);
        this.place = place;
    }

    Element place() {
        return place;
    }
}
