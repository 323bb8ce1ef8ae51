package org.caduceus.ledger.ejb.store;

import jakarta.persistence.EntityManager;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

/**
 * Statements about a set of keys, given as one array: {@code … where id = any(?)}, which H2 and
 * PostgreSQL share. A query language's {@code in :ids} is translated anew for each call, as its
 * text depends on the number of keys; that took a fifth of the time of taking messages in.
 */
final class KeyStatements {
  private KeyStatements() {}

  /** Reads one row of a result. */
  @FunctionalInterface
  interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  /** Runs a query with one parameter, the keys, in the transaction of the entity manager. */
  static void select(
      EntityManager entityManager, String sql, Collection<byte[]> keys, RowReader reader) {
    if (!keys.isEmpty()) {
      entityManager.<Connection>runWithConnection(
          connection -> {
            try (PreparedStatement statement = prepare(connection, sql, keys);
                ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                reader.read(rows);
              }
            }
          });
    }
  }

  /** Runs a statement with one parameter, the keys, in the transaction of the entity manager. */
  static void execute(EntityManager entityManager, String sql, Collection<byte[]> keys) {
    if (!keys.isEmpty()) {
      entityManager.<Connection>runWithConnection(
          connection -> {
            try (PreparedStatement statement = prepare(connection, sql, keys)) {
              statement.executeUpdate();
            }
          });
    }
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, Collection<byte[]> keys) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      Array array = connection.createArrayOf("bytea", keys.toArray(new byte[0][]));
      statement.setArray(1, array);
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
