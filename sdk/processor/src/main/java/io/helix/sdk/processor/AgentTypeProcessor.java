package io.helix.sdk.processor;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/**
 * Writes, for each class annotated as an agent, the service component {@code <Class>AgentType} with the JSON Schema of
 * its configuration record. What does not fit is a compile error at the place that is wrong.
 */
public final class AgentTypeProcessor extends AbstractProcessor {
    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Arrays.stream(AgentClass.Kind.values())
                .map(AgentClass.Kind::annotation)
                .collect(Collectors.toSet());
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                generate((TypeElement) element, kindOf(annotation));
            }
        }
        return false;
    }

    private static AgentClass.Kind kindOf(TypeElement annotation) {
        return Arrays.stream(AgentClass.Kind.values())
                .filter(kind -> annotation.getQualifiedName().contentEquals(kind.annotation()))
                .findFirst()
                .orElseThrow();
    }

    private void generate(TypeElement element, AgentClass.Kind kind) {
        try {
            AgentClass agent = new AgentClassReader(processingEnv.getElementUtils(), processingEnv.getTypeUtils())
                    .read(element, kind);
            Json schema = ConfigSchema.of(agent.config(), processingEnv.getElementUtils());
            write(agent, AgentTypeSource.write(agent, schema));
        } catch (Rejection e) {
            report(e.place(), String.valueOf(e.getMessage()));
        }
    }

    private void write(AgentClass agent, String source) {
        String name = AgentTypeSource.qualifiedName(agent);
        try (Writer out = processingEnv
                .getFiler()
                .createSourceFile(name, agent.element(), agent.config())
                .openWriter()) {
            out.write(source);
        } catch (IOException e) {
            report(agent.element(), "cannot write " + name + ": " + e.getMessage());
        }
    }

    private void report(Element place, String message) {
        processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, message, place);
    }
}
