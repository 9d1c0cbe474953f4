package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane.RuleTestCase;
import io.helix.api.control.ControlPlane.RuleTestReport;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.rule.RuleMatcher;
import io.helix.runtime.document.Durations;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.document.RuleTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs the tests that rules bring with them, in virtual time. */
public final class RuleTests {
    private static final Instant BEGIN = Instant.parse("2001-01-01T00:00:00Z");

    private final Memories memories;
    private final RuleMatcher matcher;

    public RuleTests(Memories memories, RuleMatcher matcher) {
        this.memories = memories;
        this.matcher = matcher;
    }

    public RuleTestReport run(RuleDefinition rule) {
        RuleDefinition tried = rule.since(Instant.EPOCH);
        return new RuleTestReport(
                rule.key().name(),
                rule.tests().stream().map(test -> run(tried, test)).toList());
    }

    private RuleTestCase run(RuleDefinition rule, RuleTest test) {
        List<Arrival> arrivals = new ArrayList<>();
        try {
            for (RuleTest.TestEvent event : test.events()) {
                arrivals.add(arrival(event, arrivals.size() + 1L));
            }
        } catch (HelixException e) {
            return new RuleTestCase(test.name(), false, e.message(), List.of());
        }
        History history = new History();
        try (RuleMemory memory = memories.rehearsal(
                rule.key().profile(), time -> test.factsAt(Duration.between(BEGIN, time)), history)) {
            memory.put(List.of(rule));
            Optional<String> fault = play(memory, arrivals, BEGIN.plus(test.until()));
            String message = fault.orElseGet(() -> verdict(rule, test, arrivals, history));
            return new RuleTestCase(
                    test.name(),
                    message.isEmpty(),
                    message,
                    history.firings().stream().map(Firings::shown).toList());
        }
    }

    private static Optional<String> play(RuleMemory memory, List<Arrival> arrivals, Instant until) {
        List<RuleMemory.Outcome> outcomes = new ArrayList<>();
        arrivals.forEach(arrival -> outcomes.add(memory.take(List.of(arrival))));
        outcomes.add(memory.advance(until));
        return outcomes.stream()
                .flatMap(outcome -> outcome.givenUp().stream())
                .map(fault -> "the rule was given up: " + fault.reason())
                .findFirst();
    }

    private static Arrival arrival(RuleTest.TestEvent written, long number) {
        Instant stored = BEGIN.plus(written.at());
        ObjectNode envelope = EventFormat.json().createObjectNode();
        envelope.put("specversion", "1.0").put("id", "e" + number).put("source", "/test");
        envelope.setAll(written.attributes());
        if (envelope.path("time").isTextual()) {
            Durations.parse(envelope.path("time").textValue())
                    .ifPresent(time -> envelope.put("time", BEGIN.plus(time).toString()));
        }
        if (!written.data().isMissingNode()) {
            envelope.set("data", written.data());
        }
        Event event = EventFormat.fromJson(envelope, stored);
        return new Arrival(number, stored, event, EventFormat.write(event));
    }

    /** Empty when the test passes. */
    private String verdict(RuleDefinition rule, RuleTest test, List<Arrival> arrivals, History history) {
        List<Firing> firings = history.firings();
        List<String> whys = whys(rule, test, arrivals, history);
        if (firings.size() != test.fired()) {
            String why = firings.size() < test.fired() ? "; " + String.join("; ", whys) : times(firings);
            return "fired " + firings.size() + " times, expected " + test.fired() + why;
        }
        if (test.with() != null && firings.stream().noneMatch(firing -> has(firing, test.with()))) {
            return "no firing has the inputs " + test.with() + "; they were "
                    + firings.stream().map(Firings::with).toList();
        }
        String because = test.because();
        if (because != null && whys.stream().noneMatch(why -> why.contains(because))) {
            return "expected because '" + because + "', but: " + String.join("; ", whys);
        }
        return "";
    }

    private static String times(List<Firing> firings) {
        return firings.stream()
                .limit(10)
                .map(firing -> Why.words(Duration.between(BEGIN, firing.due())))
                .collect(java.util.stream.Collectors.joining(", ", ": at ", ""));
    }

    private List<String> whys(RuleDefinition rule, RuleTest test, List<Arrival> arrivals, History history) {
        List<String> whys = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            Event event = arrival.event();
            if (event != null) {
                ObjectNode facts = test.factsAt(Duration.between(BEGIN, arrival.stored()));
                Why why = Why.of(
                        rule, arrival, RoleReports.of(rule, event, facts, matcher), history, BEGIN.plus(test.until()));
                whys.add(event.id() + ": " + why.summary());
            }
        }
        return whys;
    }

    private static boolean has(Firing firing, ObjectNode wanted) {
        return Firings.with(firing).values().stream().anyMatch(inputs -> holds(inputs, wanted));
    }

    private static boolean holds(JsonNode inputs, ObjectNode wanted) {
        return wanted.propertyStream().allMatch(field -> same(inputs.path(field.getKey()), field.getValue()));
    }

    private static boolean same(JsonNode is, JsonNode wanted) {
        return is.isNumber() && wanted.isNumber()
                ? is.decimalValue().compareTo(wanted.decimalValue()) == 0
                : is.equals(wanted);
    }
}
