package org.caduceus.deploy.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.caduceus.deploy.Project;

/** What a measurement was made on and of. */
final class Machine {
  private Machine() {}

  /** Processor, cores, memory, system, Java, and the commit that was measured. */
  static ObjectNode describe(Project project) {
    ObjectNode machine = JsonNodeFactory.instance.objectNode();
    machine.put("processor", line("/proc/cpuinfo", "model name"));
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put(
        "memoryGiB",
        Math.round(
            Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1048576.0));
    machine.put("system", line("/etc/os-release", "PRETTY_NAME").replace("\"", ""));
    machine.put("kernel", System.getProperty("os.version"));
    machine.put("java", System.getProperty("java.vm.vendor") + " " + Runtime.version());
    machine.put("commit", output(project.root(), "git", "rev-parse", "--short", "HEAD"));
    return machine;
  }

  private static String line(String file, String key) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(key))
          .map(line -> line.split("[:=]", 2)[1].strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException unreadable) {
      return "unknown";
    }
  }

  private static String output(Path folder, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
          ? text.strip()
          : "unknown";
    } catch (IOException none) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
