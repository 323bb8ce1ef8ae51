package org.caduceus.console.rest.openapi;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import org.caduceus.console.security.AccessRules;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * A method of a resource class with its place.
 *
 * @param path from the root, with its templates
 * @param verb the HTTP method that it answers
 * @param type the resource class
 * @param method the method
 */
record Resource(String path, String verb, Class<?> type, Method method) {

  /** A method that answers an HTTP method, or nothing. */
  static Optional<Resource> of(String prefix, Class<?> type, Method method) {
    return Arrays.stream(method.getAnnotations())
        .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
        .filter(verb -> verb != null)
        .findFirst()
        .map(
            verb -> {
              Path own = method.getAnnotation(Path.class);
              String path =
                  "/"
                      + prefix
                      + "/"
                      + type.getAnnotation(Path.class).value()
                      + (own == null ? "" : "/" + own.value());
              return new Resource(path, verb.value(), type, method);
            });
  }

  /** Who may call it. */
  AccessRules.Access access() {
    return AccessRules.access(path);
  }

  /** Its description; a method without one does not belong into a resource. */
  Operation operation() {
    return method.getAnnotation(Operation.class);
  }

  /** Name of the chapter it belongs to. */
  String tag() {
    return type.getAnnotation(Tag.class).name();
  }

  /** Media type of its answers where none is named. */
  String mediaType() {
    Produces produces = annotation(Produces.class).orElse(null);
    return produces == null ? MediaType.APPLICATION_JSON : produces.value()[0];
  }

  /** The method's annotation, or that of its class. */
  <A extends Annotation> Optional<A> annotation(Class<A> kind) {
    A own = method.getAnnotation(kind);
    return Optional.ofNullable(own == null ? type.getAnnotation(kind) : own);
  }
}
