package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new agent of each kind: generated as by a user, built with its own tests, and used in a server. */
class ArchetypeIT {
    private static final List<String> KINDS = List.of("source", "transformer", "action");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    static Path machine;

    private static Path projects;
    private static Maven maven;

    @BeforeAll
    static void prepare() throws IOException {
        projects = Files.createDirectory(machine.resolve("projects"));
        maven = Maven.withSdk(machine.resolve("repository"));
    }

    private static HelixServer.Result generate(String artifactId, Map<String, String> more) {
        Map<String, String> properties = new java.util.HashMap<>(Map.of(
                "archetypeGroupId", "io.helix",
                "archetypeArtifactId", "helix-agent-archetype",
                "archetypeVersion", System.getProperty("helix.version"),
                "archetypeCatalog", "local",
                "groupId", "org.example",
                "artifactId", artifactId));
        properties.putAll(more);
        return maven.run(projects, System.getProperty("helix.maven.generator"), properties);
    }

    private static List<String> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }

    @Test
    void aNewAgentOfEachKindBuildsPassesItsTestsAndDoesItsWorkInTheServer() throws Exception {
        for (String kind : KINDS) {
            HelixServer.Result generated = generate("new-" + kind, Map.of("kind", kind));
            assertThat(generated.exitCode()).as(generated.output()).isZero();
            String name = "New" + Character.toUpperCase(kind.charAt(0)) + kind.substring(1);
            assertThat(filesOf(projects.resolve("new-" + kind)))
                    .containsExactlyInAnyOrder(
                            "pom.xml",
                            "README.md",
                            ".gitignore",
                            "src/main/java/org/example/" + name + ".java",
                            "src/test/java/org/example/" + name + "Test.java");
        }
        HelixServer.Result built = maven.run(all(), "package", Map.of());

        assertThat(built.exitCode()).as(built.output()).isZero();
        assertThat(built.output()).contains("NewSourceTest", "NewTransformerTest", "NewActionTest");
        work();
    }

    /** A project that builds all three at once, and is no parent of theirs. */
    private static Path all() throws IOException {
        Path folder = Files.createDirectory(machine.resolve("all"));
        String modules = String.join(
                "",
                KINDS.stream()
                        .map(kind -> "<module>../projects/new-" + kind + "</module>")
                        .toList());
        Files.writeString(folder.resolve("pom.xml"), """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>org.example</groupId>
                  <artifactId>all</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <modules>%s</modules>
                </project>
                """.formatted(modules));
        return folder;
    }

    /** The source tells of a folder, the transformer takes a field of that, and the action writes it to a file. */
    private static void work() throws IOException {
        HelixServer helix = HelixServer.shared();
        Api api = new Api(helix, "default");
        for (String kind : KINDS) {
            helix.deploy(projects.resolve("new-" + kind + "/target/new-" + kind + "-1.0-SNAPSHOT.jar"), kind + ".jar");
        }
        await().atMost(PATIENCE).until(() -> KINDS.stream().allMatch(kind -> api.deployed("new." + kind)));
        Path out = machine.resolve("out");
        api.apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: low}
                spec:
                  steps:
                    - {id: keep, uses: new.transformer@1, with: {fields: [folder], emits: space.noted}}
                    - {id: write, needs: [keep], from: keep, uses: new.action@1, with: {folder: "%s"}}
                ---
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: low}
                spec:
                  match: {type: [space.low]}
                  then: [{recipe: low}]
                """.formatted(out));
        api.apply("""
                apiVersion: helix/v1
                kind: Agent
                metadata: {name: disk}
                spec: {type: new.source@1, config: {folder: "%s", percent: 100, every: 100ms}}
                """.formatted(machine));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(api.runs("rule=low&state=succeeded")).hasSize(1));

        JsonNode run = api.runs("rule=low").getFirst();
        assertThat(filesOf(out)).containsExactly(run.path("id").asText() + "-write.json");
        assertThat(out.resolve(filesOf(out).getFirst())).hasContent("{\"folder\":\"" + machine + "\"}");
        assertThat(api.runs("rule=low")).hasSize(1);
        assertThat(api.delete("/agents/disk")).isLessThan(300);
        KINDS.forEach(kind -> helix.undeploy(kind + ".jar"));
    }

    @Test
    void aKindThatIsNoneIsRefusedAndLeavesNothingBehind() {
        HelixServer.Result refused = generate("bad-kind", Map.of("kind", "sauce"));

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output()).contains("kind 'sauce' is none: say -Dkind=transformer");
        assertThat(projects.resolve("bad-kind")).doesNotExist();
    }

    @Test
    void aNameThatMakesNoClassAndNoTypeIsRefusedWithTheRemedy() {
        HelixServer.Result refused = generate("3d-view", Map.of("kind", "source"));

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output())
                .contains("agentType '3d.view' is not valid: say -DagentType=")
                .contains("agentClass '3dView' is not valid: say -DagentClass=");
    }
}
