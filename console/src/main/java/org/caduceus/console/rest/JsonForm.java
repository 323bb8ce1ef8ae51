package org.caduceus.console.rest;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.config.PropertyOrderStrategy;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.Provider;

/** Writes records with their names in order, and leaves out what is absent. */
@Provider
public final class JsonForm implements ContextResolver<Jsonb> {
  private static final Jsonb JSON =
      JsonbBuilder.create(
          new JsonbConfig()
              .withPropertyOrderStrategy(PropertyOrderStrategy.LEXICOGRAPHICAL)
              .withNullValues(false));

  @Override
  public Jsonb getContext(Class<?> type) {
    return JSON;
  }
}
