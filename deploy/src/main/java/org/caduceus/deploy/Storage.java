package org.caduceus.deploy;

import java.util.Map;
import java.util.Optional;

/** Where each member's data go: the values of its domain's JDBC pool. */
final class Storage {
  private final Installation installation;

  Storage(Installation installation) {
    this.installation = installation;
  }

  /** Starts what has to run before a member's node; nothing for H2 and for a foreign server. */
  void start() {
    if (isOwnServer()) {
      Postgres server = new Postgres(installation);
      server.start();
      for (MemberHome home : installation.memberHomes()) {
        server.provide(home.id(), home.secretValues().getProperty("database"));
      }
    }
  }

  /** Ends what {@link #start} started. */
  void stop() {
    if (isOwnServer()) {
      new Postgres(installation).stop();
    }
  }

  /** The server that {@link #start} started, if it runs. */
  Optional<RecordedProcess> server() {
    return isOwnServer()
        ? Optional.ofNullable(new Postgres(installation).process())
        : Optional.empty();
  }

  /** The values for a member's pool, by their names in the domain's template. */
  Map<String, String> pool(MemberHome home) {
    String password = home.secretValues().getProperty("database");
    if (installation.database() == Installation.Database.H2) {
      PrivateFiles.folder(home.database().getParent());
      // H2 else writes a commit up to half a second later: a crash would lose what was
      // acknowledged.
      return values(
          "org.h2.jdbcx.JdbcDataSource",
          "jdbc:h2:file:" + home.database() + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0",
          "caduceus",
          password);
    }
    if (isOwnServer()) {
      return values(
          "org.postgresql.ds.PGSimpleDataSource",
          new Postgres(installation).url(home.id()) + "?reWriteBatchedInserts=true",
          Postgres.name(home.id()),
          password);
    }
    return values(
        "org.postgresql.ds.PGSimpleDataSource",
        installation.databaseUrl().replace("{member}", Postgres.name(home.id())),
        "",
        "");
  }

  private boolean isOwnServer() {
    return installation.database() == Installation.Database.POSTGRESQL
        && installation.databaseUrl().isEmpty();
  }

  private static Map<String, String> values(
      String dataSource, String url, String user, String password) {
    return Map.of(
        "jdbc.class",
        dataSource,
        "jdbc.url",
        xml(url),
        "jdbc.user",
        xml(user),
        "jdbc.password",
        xml(password),
        "jdbc.validation",
        "");
  }

  private static String xml(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
