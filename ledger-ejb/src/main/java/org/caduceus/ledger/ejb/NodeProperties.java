package org.caduceus.ledger.ejb;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The file {@code node.properties} in the folder that the system property {@code caduceus.home}
 * names. Ranks below system properties (400) and environment variables (300).
 */
public final class NodeProperties implements ConfigSource {
  /** Names the member's folder. */
  public static final String HOME = "caduceus.home";

  private static final int ORDINAL = 200;

  private final Map<String, String> values;

  /** Reads the file once; without the system property the source is empty. */
  public NodeProperties() {
    this(System.getProperty(HOME));
  }

  NodeProperties(String home) {
    this.values = home == null ? Map.of() : read(Path.of(home, "node.properties"));
  }

  private static Map<String, String> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to read " + file + ", but that failed", e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toUnmodifiableMap(name -> name, properties::getProperty));
  }

  @Override
  public Set<String> getPropertyNames() {
    return values.keySet();
  }

  @Override
  public String getValue(String name) {
    return values.get(name);
  }

  @Override
  public String getName() {
    return "node.properties";
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
