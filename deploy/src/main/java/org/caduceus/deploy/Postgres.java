package org.caduceus.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the installation's own: Debian's programs, data under the home folder,
 * 127.0.0.1 only, passwords by SCRAM, fsync on, and one database and user for each member.
 * PostgreSQL refuses to run as root; as root it runs as the user {@code postgres} of Debian's
 * package.
 */
final class Postgres {
  private static final String SUPERUSER = "caduceus_owner";
  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final int port;

  /** The server of this installation. */
  Postgres(Installation installation) {
    this.folder = installation.databaseServer();
    this.port = Ports.database(installation.portBase());
  }

  /** JDBC URL of a member's database. */
  String url(String member) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name(member);
  }

  /** Role and database of a member. */
  static String name(String member) {
    return member.replace('-', '_');
  }

  /** Makes the server's data and starts it; nothing happens if it runs. */
  void start() {
    if (process() != null) {
      return;
    }
    Path data = folder.resolve("data");
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      initialise(data);
    }
    run("pg_ctl", "start", "-w", "-t", "60", "-s", "-D", data.toString(), "-l", log().toString());
  }

  /** Makes the role and the database of a member unless they are there. */
  void provide(String member, String password) {
    String name = name(member);
    // Names come from a fixed alphabet and the password is letters and digits of ours.
    sql(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '"
            + name
            + "') THEN CREATE ROLE "
            + name
            + " LOGIN; END IF; END $$;\nALTER ROLE "
            + name
            + " PASSWORD '"
            + password
            + "';\nSELECT 'CREATE DATABASE "
            + name
            + " OWNER "
            + name
            + "' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '"
            + name
            + "')\\gexec\nREVOKE ALL ON DATABASE "
            + name
            + " FROM PUBLIC;\n");
  }

  /** Ends the server in order; nothing happens if it does not run. */
  void stop() {
    if (process() != null) {
      run("pg_ctl", "stop", "-w", "-t", "60", "-s", "-m", "fast", "-D", folder + "/data");
    }
  }

  /** The postmaster, or null if it does not run. */
  RecordedProcess process() {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("data/postmaster.pid"));
      return RecordedProcess.observe(Long.parseLong(lines.get(0).strip()), "postgres").orElse(null);
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException none) {
      return null;
    }
  }

  private Path log() {
    return folder.resolve("data").resolve("server.log");
  }

  private void initialise(Path data) {
    try {
      Files.createDirectories(folder);
      Path password = folder.resolve("owner.password");
      PrivateFiles.write(password, Secrets.password() + "\n");
      if (isRoot()) {
        openTheWay();
        command(List.of("chown", "postgres", folder.toString(), password.toString()), null);
      }
      run(
          "initdb",
          "--pgdata=" + data,
          "--username=" + SUPERUSER,
          "--pwfile=" + password,
          "--auth=scram-sha-256",
          "--encoding=UTF8",
          "--locale=C",
          "--no-instructions");
      Path settings = data.resolve("postgresql.conf");
      Files.writeString(
          settings,
          Files.readString(settings)
              + """

              # Written by deploy/demo. Durability as PostgreSQL ships it: fsync and synchronous_commit are on.
              listen_addresses = '127.0.0.1'
              port = %d
              unix_socket_directories = ''
              max_connections = 400
              shared_buffers = 128MB
              max_wal_size = 2GB
              fsync = on
              synchronous_commit = on
              """
                  .formatted(port));
    } catch (IOException e) {
      throw new ToolFailure("Expected to set PostgreSQL up in " + folder + ", but that failed", e);
    }
  }

  // Running as another user, the server must be able to pass through the folders above its own.
  private void openTheWay() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(folder.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
    for (Path above = folder.getParent(); above != null; above = above.getParent()) {
      int exit = exit(List.of("runuser", "-u", "postgres", "--", "test", "-x", above.toString()));
      if (exit != 0) {
        throw new ToolFailure(
            "PostgreSQL does not run as root, and the user postgres may not enter "
                + above
                + ": choose another place with --home, or run the demo as an ordinary user.");
      }
    }
  }

  private void sql(String statements) {
    try {
      String owner = Files.readString(folder.resolve("owner.password")).strip();
      ProcessBuilder builder =
          new ProcessBuilder(
                  program("psql").toString(),
                  "--no-psqlrc",
                  "--quiet",
                  "--set=ON_ERROR_STOP=1",
                  "--host=127.0.0.1",
                  "--port=" + port,
                  "--username=" + SUPERUSER,
                  "--dbname=postgres")
              .redirectErrorStream(true);
      builder.environment().put("PGPASSWORD", owner);
      Process process = builder.start();
      try (var in = process.getOutputStream()) {
        in.write(statements.getBytes(StandardCharsets.UTF_8));
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new ToolFailure("Expected PostgreSQL to take a statement, but: " + said.strip());
      }
    } catch (IOException e) {
      throw new ToolFailure("Expected to talk to PostgreSQL, but that failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolFailure("Interrupted", e);
    }
  }

  private void run(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(program(name).toString());
    command.addAll(List.of(arguments));
    command(command, folder);
  }

  private static void command(List<String> command, Path folder) {
    try {
      // Its output must not be a pipe: the server inherits it and would keep it open.
      Path said = Files.createTempFile("caduceus-postgresql", ".out");
      Process process =
          new ProcessBuilder(command)
              .directory(folder == null ? null : folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      boolean ended = process.waitFor(PATIENCE.toSeconds() + 10, TimeUnit.SECONDS);
      String text = Files.readString(said);
      Files.delete(said);
      if (!ended || process.exitValue() != 0) {
        throw new ToolFailure(
            String.format(
                Locale.ROOT, "Expected \"%s\" to succeed, but: %s", command, text.strip()));
      }
    } catch (IOException e) {
      throw new ToolFailure("Expected to run " + command.get(0) + ", but that failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolFailure("Interrupted", e);
    }
  }

  private static int exit(List<String> command) throws IOException {
    try {
      return new ProcessBuilder(command).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolFailure("Interrupted", e);
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static Path program(String name) {
    try (Stream<Path> versions = Files.list(PROGRAMS)) {
      return versions
          .map(version -> version.resolve("bin").resolve(name))
          .filter(Files::isExecutable)
          .max(Comparator.comparingInt(Postgres::version))
          .orElseThrow(() -> new ToolFailure("Expected PostgreSQL's " + name + ": " + INSTALL));
    } catch (IOException absent) {
      throw new ToolFailure("Expected PostgreSQL's " + name + ": " + INSTALL, absent);
    }
  }

  private static int version(Path program) {
    String version = program.getParent().getParent().getFileName().toString();
    return version.matches("\\d+") ? Integer.parseInt(version) : 0;
  }

  private static final String INSTALL = "apt-get install postgresql";
}
