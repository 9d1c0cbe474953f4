package io.helix.web;

import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.api.control.PastPeriod;
import io.helix.api.control.RuleTests;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How rules do, and what they would do; {@link DocumentRoutes} has the rules themselves. */
final class RuleRoutes {
    private static final String RULES = "/profiles/{profile}/rules";
    private static final String RULE = RULES + "/{name}";

    private final ControlPlane control;
    private final InstantSource clock;

    RuleRoutes(ControlPlane control, InstantSource clock) {
        this.control = control;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", RULES + "/status", this::status),
                Route.of("POST", RULE + "/resume", this::resume),
                Route.of("POST", RULES + "/test", this::test),
                Route.of("GET", RULE + "/test", this::testStored),
                Route.of("POST", RULES + "/backtest", call -> backTest(call, null)),
                Route.of("POST", RULE + "/backtest", call -> backTest(call, call.path("name"))));
    }

    private Answer status(Call call) {
        return Answer.ok(Map.of("items", control.ruleStatus(call.caller(), call.profile())));
    }

    private Answer resume(Call call) {
        control.resumeRule(call.caller(), call.profile(), call.path("name"));
        return Answer.noContent();
    }

    private Answer test(Call call) throws IOException {
        String documents = call.documents();
        if (documents.isBlank()) {
            throw HelixException.invalid("the body is empty: send rules as YAML or JSON;"
                    + " the tests of a stored rule are at /rules/NAME/test");
        }
        return test(call, documents, call.query().first("rule").orElse(null));
    }

    private Answer testStored(Call call) {
        return test(call, null, call.path("name"));
    }

    private Answer test(Call call, @Nullable String documents, @Nullable String rule) {
        return Answer.ok(RuleTests.of(control.testRules(call.caller(), call.profile(), documents, rule)));
    }

    private Answer backTest(Call call, @Nullable String rule) throws IOException {
        String documents = call.documents();
        if (documents.isBlank() && rule == null) {
            throw HelixException.invalid("the body is empty: send one rule as YAML or JSON;"
                    + " a stored rule is tried at /rules/NAME/backtest");
        }
        PastPeriod period = PastPeriod.parse(
                call.query().first("from").orElse(null),
                call.query().first("to").orElse(null),
                clock.instant());
        String candidate = documents.isBlank() ? null : documents;
        return Answer.ok(control.backTest(call.caller(), call.profile(), candidate, rule, period.from(), period.to()));
    }
}
