package io.helix.sdk.processor;

import java.util.Map;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** Checks an annotated class and takes from it what the generated code needs. */
final class AgentClassReader {
    // The rules of AgentDescriptor: better a compile error than a bundle that does not start.
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*");
    private static final Pattern VERSION = Pattern.compile("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}");

    private final Elements elements;
    private final Types types;

    AgentClassReader(Elements elements, Types types) {
        this.elements = elements;
        this.types = types;
    }

    AgentClass read(TypeElement element, AgentClass.Kind kind) throws Rejection {
        requireInstantiable(element);
        return new AgentClass(
                element,
                elements.getPackageOf(element).getQualifiedName().toString(),
                kind,
                matching(element, TYPE, attribute(element, kind, "type"), "type", "lower-case words joined by dots"),
                matching(element, VERSION, attribute(element, kind, "version"), "version", "major.minor.patch"),
                described(element, attribute(element, kind, "description")),
                configuration(element, kind));
    }

    private static void requireInstantiable(TypeElement element) throws Rejection {
        if (element.getKind() != ElementKind.CLASS || element.getNestingKind() != NestingKind.TOP_LEVEL) {
            throw new Rejection(element, "an agent must be a top-level class");
        }
        if (!element.getModifiers().contains(Modifier.PUBLIC)
                || element.getModifiers().contains(Modifier.ABSTRACT)) {
            throw new Rejection(element, "an agent class must be public and not abstract");
        }
        boolean creatable = ElementFilter.constructorsIn(element.getEnclosedElements()).stream()
                .anyMatch(it -> it.getParameters().isEmpty()
                        && it.getModifiers().contains(Modifier.PUBLIC)
                        && it.getThrownTypes().isEmpty());
        if (!creatable) {
            throw new Rejection(
                    element, "an agent class needs a public constructor without parameters and without exceptions");
        }
    }

    private TypeElement configuration(TypeElement element, AgentClass.Kind kind) throws Rejection {
        DeclaredType implemented = implemented(element.asType(), kind.agentInterface());
        if (implemented == null) {
            throw new Rejection(
                    element,
                    "an agent with this annotation must implement " + kind.agentInterface()
                            + "<C>, where C is a record");
        }
        if (implemented.getTypeArguments().isEmpty()
                || !(implemented.getTypeArguments().get(0) instanceof DeclaredType argument)
                || argument.getKind() != TypeKind.DECLARED
                || !(argument.asElement() instanceof TypeElement config)
                || config.getKind() != ElementKind.RECORD
                || !config.getTypeParameters().isEmpty()) {
            throw new Rejection(
                    element,
                    "the configuration of an agent must be a record without type parameters: implement "
                            + kind.agentInterface() + "<YourConfig>");
        }
        for (Element at = config; at instanceof TypeElement; at = at.getEnclosingElement()) {
            if (at.getModifiers().contains(Modifier.PRIVATE)) {
                throw new Rejection(at, "the configuration of an agent must not be private");
            }
        }
        return config;
    }

    private @Nullable DeclaredType implemented(TypeMirror type, String wanted) {
        if (type instanceof DeclaredType declared
                && declared.asElement() instanceof TypeElement element
                && element.getQualifiedName().contentEquals(wanted)) {
            return declared;
        }
        for (TypeMirror parent : types.directSupertypes(type)) {
            DeclaredType found = implemented(parent, wanted);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private String attribute(TypeElement element, AgentClass.Kind kind, String name) {
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            if (mirror.getAnnotationType().toString().equals(kind.annotation())) {
                for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> value :
                        elements.getElementValuesWithDefaults(mirror).entrySet()) {
                    if (value.getKey().getSimpleName().contentEquals(name)) {
                        return String.valueOf(value.getValue().getValue());
                    }
                }
            }
        }
        return "";
    }

    private static String matching(TypeElement place, Pattern pattern, String value, String name, String expected)
            throws Rejection {
        if (value.length() > 100 || !pattern.matcher(value).matches()) {
            throw new Rejection(place, name + " '" + value + "' is not valid: use " + expected);
        }
        return value;
    }

    private static String described(TypeElement place, String description) throws Rejection {
        if (description.isBlank()) {
            throw new Rejection(place, "description is empty: say in one sentence what the agent does");
        }
        return description;
    }
}
