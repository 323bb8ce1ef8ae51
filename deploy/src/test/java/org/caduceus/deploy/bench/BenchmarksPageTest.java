package org.caduceus.deploy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.caduceus.deploy.Project;
import org.junit.jupiter.api.Test;

class BenchmarksPageTest {
  @Test
  void thePageIsWhatTheResultsSay() throws IOException {
    Project project = Project.locate();
    ResultsFile results = new ResultsFile(project.root().resolve("docs/benchmarks/results.json"));
    assertEquals(
        BenchmarksPage.text(results.read()),
        Files.readString(project.root().resolve(BenchmarksPage.PATH)),
        "run deploy/bench table");
  }
}
