package org.caduceus.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * A consortium on this machine, as {@code consortium.properties} in its home folder records it.
 *
 * @param home its folder, absolute
 * @param members ids in the order of their ports
 * @param portBase the ports lie above this one
 * @param database what the members store in
 * @param databaseUrl JDBC URL with {@code {member}} in it, or empty for a database of the tool's
 * @param chainId 64 hexadecimal digits
 * @param suite what the members' enclaves sign and seal with
 * @param governance who signs for the members when seats change hands
 * @param lookupKey 64 hexadecimal digits, secret of the members
 */
public record Installation(
    Path home,
    List<String> members,
    int portBase,
    Database database,
    String databaseUrl,
    String chainId,
    Suite suite,
    Governance governance,
    String lookupKey) {

  /** What a member stores in. */
  public enum Database {
    /** A file of its own, no server. */
    H2,
    /** A database of its own on a server for all. */
    POSTGRESQL
  }

  /** Who signs for a member when seats change hands. */
  public enum Governance {
    /** Its node, which has the key: for trial networks. */
    AUTO,
    /** Its officers, whose key no node has. */
    OFFICERS
  }

  /** The names that {@code --members N} takes in this order. */
  public static final List<String> NAMES =
      List.of("hospital-a", "pharmacy-b", "regulator-c", "insurer-d", "supplier-e");

  private static final String FILE = "consortium.properties";

  /** Freezes the list. */
  public Installation {
    members = List.copyOf(members);
  }

  /** Whether the folder holds an installation. */
  public static boolean exists(Path home) {
    return Files.isRegularFile(home.resolve(FILE));
  }

  /**
   * Reads the installation of a folder.
   *
   * @throws ToolFailure if there is none
   */
  public static Installation read(Path home) {
    if (!exists(home)) {
      throw new ToolFailure(
          "There is no consortium in " + home + " yet: \"deploy/demo\" makes and starts one.");
    }
    Properties values = PrivateFiles.properties(home.resolve(FILE));
    return new Installation(
        home,
        List.of(values.getProperty("members").split(",")),
        Integer.parseInt(values.getProperty("portBase")),
        Database.valueOf(values.getProperty("database")),
        values.getProperty("databaseUrl"),
        values.getProperty("chainId"),
        Suite.valueOf(values.getProperty("suite", Suite.ES256.name())),
        Governance.valueOf(values.getProperty("governance", Governance.AUTO.name())),
        values.getProperty("lookupKey"));
  }

  /** Records it in its folder. */
  public void write() {
    PrivateFiles.write(
        home.resolve(FILE),
        new TreeMap<>(
            Map.of(
                "members",
                String.join(",", members),
                "portBase",
                Integer.toString(portBase),
                "database",
                database.name(),
                "databaseUrl",
                databaseUrl,
                "chainId",
                chainId,
                "suite",
                suite.name(),
                "governance",
                governance.name(),
                "lookupKey",
                lookupKey)));
  }

  /** The same with one more member, after the others. */
  public Installation with(String member) {
    List<String> all = new ArrayList<>(members);
    all.add(member);
    return new Installation(
        home, all, portBase, database, databaseUrl, chainId, suite, governance, lookupKey);
  }

  /** All members' folders. */
  public List<MemberHome> memberHomes() {
    List<MemberHome> all = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      all.add(new MemberHome(members.get(i), home.resolve(members.get(i)), Ports.of(portBase, i)));
    }
    return all;
  }

  /**
   * One member's folder.
   *
   * @throws ToolFailure if it is not a member
   */
  public MemberHome memberHome(String id) {
    return memberHomes().stream()
        .filter(member -> member.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ToolFailure(
                    "There is no member " + id + "; members are " + String.join(", ", members)));
  }

  /** How the consortium's blocks became final in its first epoch. */
  EpochConfig.Mode firstMode() {
    return EpochConfig.decode(genesis()).mode();
  }

  /** The genesis configuration, CDC1CONF. */
  byte[] genesis() {
    try {
      return Files.readAllBytes(memberHomes().getFirst().genesis());
    } catch (IOException e) {
      throw new ToolFailure("Expected the genesis of a member, but reading it failed", e);
    }
  }

  /** Folder of the database server for all. */
  public Path databaseServer() {
    return home.resolve("postgresql");
  }
}
