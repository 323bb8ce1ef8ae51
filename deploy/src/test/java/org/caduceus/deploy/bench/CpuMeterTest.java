package org.caduceus.deploy.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
  @Test
  void countsWhatAChildHasUsedThoughItHasEnded() throws IOException, InterruptedException {
    CpuMeter meter = new CpuMeter(() -> List.of(ProcessHandle.current().pid()));
    meter.start();
    Process child =
        new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done").start();
    child.waitFor();
    assertTrue(meter.elapsedMs() >= 50, "a loop of 300,000 turns takes the shell longer");
  }
}
