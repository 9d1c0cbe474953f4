package io.helix.runtime.control;

import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane.BackTest;
import io.helix.api.control.ControlPlane.Explanation;
import io.helix.api.control.ControlPlane.RuleStatus;
import io.helix.api.control.ControlPlane.RuleTestReport;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.StoredMessage;
import io.helix.api.rule.RuleKey;
import io.helix.api.store.Documents;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.Compiler;
import io.helix.runtime.document.DocumentReader;
import io.helix.runtime.document.Draft;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.memory.BackTests;
import io.helix.runtime.memory.Explainer;
import io.helix.runtime.memory.Memories;
import io.helix.runtime.memory.RuleStatuses;
import io.helix.runtime.memory.RuleTests;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people ask of rules: how they do, why they fire, what they would do. Stores and triggers nothing. */
final class RuleControl {
    private final Catalog catalog;
    private final Compiler compiler;
    private final Documents documents;
    private final Memories memories;
    private final RuleStatuses statuses;
    private final RuleTests tests;
    private final BackTests backTests;
    private final Explainer explainer;
    private final InstantSource clock;

    RuleControl(
            Catalog catalog,
            Compiler compiler,
            Documents documents,
            Memories memories,
            RuleStatuses statuses,
            RuleTests tests,
            BackTests backTests,
            Explainer explainer,
            InstantSource clock) {
        this.catalog = catalog;
        this.compiler = compiler;
        this.documents = documents;
        this.memories = memories;
        this.statuses = statuses;
        this.tests = tests;
        this.backTests = backTests;
        this.explainer = explainer;
        this.clock = clock;
    }

    Explanation explain(String profile, StoredMessage message, String rule) {
        return explainer.explain(profile, message, rule);
    }

    List<RuleStatus> status(String profile) {
        return statuses.of(profile);
    }

    void resume(String profile, String name) {
        memories.resume(live(profile, name));
    }

    List<RuleTestReport> test(String profile, @Nullable String text, @Nullable String name) {
        if (text == null) {
            if (name == null) {
                throw HelixException.invalid("name a stored rule to test, or send the documents to test");
            }
            return List.of(tests.run(stored(profile, name)));
        }
        List<RuleDefinition> rules = written(profile, text);
        List<RuleDefinition> chosen = name == null
                ? rules
                : rules.stream().filter(rule -> rule.key().name().equals(name)).toList();
        if (chosen.isEmpty()) {
            throw HelixException.invalid(
                    name == null ? "the documents hold no rule to test" : "the documents hold no rule '" + name + "'");
        }
        return chosen.stream().map(tests::run).toList();
    }

    BackTest backTest(
            String profile, @Nullable String text, @Nullable String name, Instant from, @Nullable Instant to) {
        Instant end = to == null || to.isAfter(clock.instant()) ? clock.instant() : to;
        if (!from.isBefore(end)) {
            throw HelixException.invalid("from " + from + " is not before to " + end);
        }
        if (text == null) {
            if (name == null) {
                throw HelixException.invalid("name a stored rule, or send the rule to test on past events");
            }
            return backTests.run(profile, stored(profile, name), Optional.empty(), from, end);
        }
        List<RuleDefinition> rules = written(profile, text);
        if (rules.size() != 1) {
            throw HelixException.invalid(
                    "a back-test takes exactly one rule; the documents hold " + rules.size() + " rules");
        }
        RuleDefinition candidate = rules.getFirst();
        String compared = name == null ? candidate.key().name() : name;
        return backTests.run(profile, candidate, find(profile, compared), from, end);
    }

    private List<RuleDefinition> written(String profile, String text) {
        List<Draft> drafts = DocumentReader.read(profile, text);
        return List.copyOf(compiler.compile(drafts).rules().values());
    }

    private RuleDefinition live(String profile, String name) {
        return catalog.rule(new RuleKey(profile, name)).orElseThrow(() -> missing(profile, name));
    }

    private RuleDefinition stored(String profile, String name) {
        return find(profile, name).orElseThrow(() -> missing(profile, name));
    }

    private Optional<RuleDefinition> find(String profile, String name) {
        Optional<Document> document = documents.find(new DocumentKey(profile, Kind.RULE, name));
        return document.map(found -> compiler.rule(found.key(), found.revision(), Instant.EPOCH, found.content()));
    }

    private static HelixException missing(String profile, String name) {
        return HelixException.notFound("rule '" + name + "' does not exist in profile '" + profile + "'");
    }
}
