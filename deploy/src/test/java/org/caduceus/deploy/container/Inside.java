package org.caduceus.deploy.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.record.CanonicalRecord;

/** What the tests inside the server share: records to submit, the tables, patience. */
final class Inside {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Inside() {}

  /** An identifier that nobody used. */
  static String newId() {
    return "IN-" + UUID.randomUUID();
  }

  /** A record with this identifier and content. */
  static CanonicalRecord record(String externalId, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new CanonicalRecord(
        "hl7v2.adt",
        "TESTS|INSIDE",
        externalId,
        Hash.sha256(bytes),
        Bytes.of(bytes),
        new TreeMap<>(Map.of("trigger", "A01")),
        new TreeMap<>(Map.of("patient", Bytes.of(bytes))));
  }

  /** Runs a statement. */
  static void execute(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows that this query with one parameter counts. */
  static long count(DataSource dataSource, String query, byte[] parameter) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setBytes(1, parameter);
      return first(statement);
    }
  }

  static long count(DataSource dataSource, String query, String parameter) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, parameter);
      return first(statement);
    }
  }

  /** The payload of an entry as it stands in the table. */
  static byte[] sealed(DataSource dataSource, Hash entry) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("select sealed from record where entry_id = ?")) {
      statement.setBytes(1, entry.toArray());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getBytes(1);
      }
    }
  }

  private static long first(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The value, as soon as there is one. */
  static <T> T await(String what, Supplier<Optional<T>> source) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<T> value = source.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Expected " + what + " within " + PATIENCE.toSeconds() + " s");
      }
      Thread.sleep(50);
    }
  }

  /** What receipts are checked against. */
  static EpochConfig genesis() {
    try {
      return EpochConfig.decode(
          Files.readAllBytes(Path.of(System.getProperty("caduceus.home"), "genesis.bin")));
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to read the genesis, but failed", e);
    }
  }
}
