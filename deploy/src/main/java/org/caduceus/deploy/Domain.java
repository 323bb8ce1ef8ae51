package org.caduceus.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A member's server domain. It is written anew at each start from a template of ours, so nothing in
 * it has to survive a crash; what a node must keep lies beside it.
 */
final class Domain {
  /** The name that the resource adapter's users in the application expect. */
  private static final String APPLICATION = "caduceus";

  // Every bean archive has a beans.xml; else the server looks for beans in each library.
  private static final String DEPLOYMENT_PROPERTIES = "implicitCdiEnabled=false";

  private static final List<String> OPENED =
      List.of(
          "java.base/java.io",
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/jdk.internal.loader",
          "java.base/jdk.internal.misc",
          "java.base/sun.net.www.protocol.jar",
          "java.base/sun.net.www.protocol.jrt",
          "java.base/sun.nio.ch",
          "java.desktop/java.beans",
          "java.logging/java.util.logging",
          "java.management/javax.management",
          "java.management/javax.management.openmbean",
          "java.management/sun.management",
          "java.naming/javax.naming.spi",
          "java.rmi/sun.rmi.transport",
          "jdk.management/com.sun.management.internal");
  private static final List<String> EXPORTED =
      List.of(
          "java.base/jdk.internal.ref",
          "java.base/sun.net.www",
          "java.base/sun.security.util",
          "java.naming/com.sun.jndi.ldap",
          "jdk.naming.dns/com.sun.jndi.dns");
  private static final List<String> COPIED =
      List.of("login.conf", "server.policy", "default-web.xml");

  // A bridge to a peer that is down says so at each attempt to connect, with a stack trace; the
  // node
  // itself says it once for each silence (CADL0022). Hibernate's enhancer must be off
  // (persistence.xml) and Flyway has not met the latest H2: both
  // say
  // so at each start, and neither is news.
  private static final String LOG_LEVELS =
      """

      org.apache.activemq.level=WARNING
      org.apache.activemq.artemis.core.client.level=OFF
      org.apache.activemq.artemis.core.server.level=SEVERE
      org.flywaydb.core.internal.database.base.Database.level=SEVERE
      org.hibernate.orm.deprecation.level=SEVERE
      """;

  private final Project project;
  private final MemberHome home;

  Domain(Project project, MemberHome home) {
    this.project = project;
    this.home = home;
  }

  /**
   * Writes the domain's files.
   *
   * @param withApplication whether the server is to deploy the application when it starts
   */
  void write(Map<String, String> jdbc, boolean withApplication) {
    Path domain = home.domain();
    Path config = PrivateFiles.folder(domain.resolve("config"));
    try {
      for (String transientFolder : List.of("applications", "generated", "lib")) {
        PrivateFiles.deleteTree(domain.resolve(transientFolder));
      }
      for (String folder : List.of("applications", "docroot", "lib/databases", "logs")) {
        Files.createDirectories(domain.resolve(folder));
      }
      Path defaults = project.server().resolve("domains/domain1/config");
      for (String file : COPIED) {
        Files.copy(
            defaults.resolve(file), config.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      PrivateFiles.write(
          config.resolve("logging.properties"),
          // Standard output goes to a file of ours already; twice would be once too often.
          Files.readString(defaults.resolve("logging.properties"))
                  .replace("handlers=java.util.logging.ConsoleHandler", "handlers=")
              + LOG_LEVELS);
      for (Path driver : project.drivers()) {
        Files.copy(
            driver,
            domain.resolve("lib").resolve(driver.getFileName()),
            StandardCopyOption.REPLACE_EXISTING);
      }
      PrivateFiles.write(config.resolve("keyfile"), "");
      PrivateFiles.write(
          config.resolve("admin-keyfile"),
          "admin;" + digest(home.secretValues().getProperty("server.admin")) + ";asadmin\n");
      PrivateFiles.write(config.resolve("domain.xml"), filled(jdbc));
      PrivateFiles.write(
          config.resolve("deploy.txt"),
          withApplication
              ? "deploy --name="
                  + APPLICATION
                  + " --property "
                  + DEPLOYMENT_PROPERTIES
                  + " "
                  + project.application()
                  + "\n"
              : "");
    } catch (IOException e) {
      throw new ToolFailure("Expected to write the domain " + domain + ", but that failed", e);
    }
  }

  /** The command that runs the server in this process' foreground. */
  List<String> command(Path java, List<String> jvmOptions) {
    Path server = project.server();
    Path config = home.domain().resolve("config");
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(List.of("-cp", server.resolve("modules/glassfish.jar").toString()));
    OPENED.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
    EXPORTED.forEach(name -> command.add("--add-exports=" + name + "=ALL-UNNAMED"));
    command.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= 24) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-Xbootclasspath/a:" + server.resolve("lib/grizzly-npn-api.jar"));
    command.addAll(jvmOptions);
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-Dcaduceus.home=" + home.folder());
    define(command, "com.sun.aas.installRoot", server.toString());
    define(command, "com.sun.aas.instanceRoot", home.domain().toString());
    define(command, "javax.net.ssl.keyStore", config.resolve("keystore.p12").toString());
    define(command, "javax.net.ssl.trustStore", config.resolve("cacerts.p12").toString());
    define(command, "javax.net.ssl.keyStoreType", "PKCS12");
    define(command, "javax.net.ssl.trustStoreType", "PKCS12");
    define(command, "java.security.policy", config.resolve("server.policy").toString());
    define(command, "java.security.auth.login.config", config.resolve("login.conf").toString());
    define(command, "java.library.path", server.resolve("lib").toString());
    define(command, "java.awt.headless", "true");
    define(command, "javax.xml.accessExternalSchema", "all");
    define(
        command,
        "com.sun.enterprise.config.config_environment_factory_class",
        "com.sun.enterprise.config.serverbeans.AppserverConfigEnvironmentFactory");
    define(
        command,
        "jakarta.security.jacc.policy.provider",
        "org.glassfish.exousia.modules.def.DefaultPolicy");
    define(
        command,
        "jakarta.security.jacc.PolicyFactory.provider",
        "org.glassfish.exousia.modules.def.DefaultPolicyFactory");
    define(
        command,
        "org.glassfish.grizzly.DEFAULT_MEMORY_MANAGER",
        "org.glassfish.grizzly.memory.HeapMemoryManager");
    define(command, "org.jboss.weld.serialization.beanIdentifierIndexOptimization", "false");
    define(command, "org.glassfish.gmbal.no.multipleUpperBoundsException", "true");
    define(command, "com.ctc.wstx.returnNullForDefaultNamespace", "true");
    define(command, "ANTLR_USE_DIRECT_CLASS_LOADING", "true");
    // The server's service locator (HK2) can deadlock when its start-up services start side by
    // side: one holds its read lock and waits for a descriptor that another makes, who queues for
    // the read lock behind a writer. In turn they cost no measurable time more.
    define(command, "org.glassfish.startupThreadPolicy", "USE_NO_THREADS");
    command.add("com.sun.enterprise.glassfish.bootstrap.ASMain");
    command.addAll(
        List.of(
            "-type",
            "DAS",
            "-instancename",
            "server",
            "-domainname",
            "caduceus",
            "-domaindir",
            home.domain().toString(),
            "-read-stdin",
            "true",
            "-upgrade",
            "false",
            "-verbose",
            "false",
            "-warmup",
            "false",
            "-debug",
            "false",
            "-watchdog",
            "false",
            "-postbootcommandfile",
            config.resolve("deploy.txt").toString()));
    return command;
  }

  /** What the server reads from its standard input before it starts. */
  String standardInput() {
    Properties secrets = home.secretValues();
    return "AS_ADMIN_MASTERPASSWORD=" + secrets.getProperty("server.master") + "\n";
  }

  private static void define(List<String> command, String key, String value) {
    command.add("-D" + key + "=" + value);
  }

  private String filled(Map<String, String> jdbc) throws IOException {
    String text;
    try (InputStream in = Domain.class.getResourceAsStream("domain.xml")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    text =
        text.replace("@http.port@", Integer.toString(home.ports().http()))
            .replace("@admin.port@", Integer.toString(home.ports().admin()));
    for (Map.Entry<String, String> entry : jdbc.entrySet()) {
      text = text.replace("@" + entry.getKey() + "@", entry.getValue());
    }
    return text;
  }

  // The server's own form of a salted digest: SHA-256 over password and salt, then 99 more rounds.
  private static String digest(String password) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] salt = Secrets.bytes(8);
      sha.update(password.getBytes(StandardCharsets.UTF_8));
      byte[] hash = sha.digest(salt);
      for (int round = 2; round <= 100; round++) {
        hash = sha.digest(hash);
      }
      byte[] both = new byte[hash.length + salt.length];
      System.arraycopy(hash, 0, both, 0, hash.length);
      System.arraycopy(salt, 0, both, hash.length, salt.length);
      return "{SSHA256}" + Base64.getEncoder().encodeToString(both);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256 on every Java platform", e);
    }
  }
}
