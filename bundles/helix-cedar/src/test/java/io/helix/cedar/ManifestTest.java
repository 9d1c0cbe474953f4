package io.helix.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

    @Test
    void theBundleImportsOnlyTheApiJacksonAndTheLog() throws IOException {
        assertThat(imports())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name)
                        .matches("io\\.helix\\.api(\\..*)?|com\\.fasterxml\\.jackson\\..*|org\\.slf4j"
                                + "|org\\.jspecify\\.annotations"));
    }

    @Test
    void theBundleExportsNothingAndNamesItsNativeLibraries() throws IOException {
        var headers = manifest().getMainAttributes();
        assertThat(headers.getValue("Export-Package")).isNull();
        assertThat(headers.getValue("Bundle-SymbolicName")).isEqualTo("helix-cedar");
        assertThat(headers.getValue("Bundle-NativeCode")).contains("x86-64").contains("aarch64");
        assertThat(headers.getValue("Bundle-ClassPath")).startsWith(".,lib/cedar-java.jar");
    }

    private static Stream<String> imports() throws IOException {
        String header = manifest().getMainAttributes().getValue("Import-Package");
        return Stream.of(QUOTED.matcher(header).replaceAll("").split(",", -1)).map(clause -> clause.split(";", 2)[0]);
    }

    private static Manifest manifest() throws IOException {
        try (var in = Files.newInputStream(Path.of("target/classes/META-INF/MANIFEST.MF"))) {
            return new Manifest(in);
        }
    }
}
