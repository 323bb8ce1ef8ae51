package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java mirrors of the C header name the same numbers. */
class EnclaveStatusTest {
  private static final Path HEADER = Path.of("src/main/c/include/tee_abi.h");

  @Test
  void statusesAreThoseOfTheHeader() throws IOException {
    Map<String, Integer> java = new TreeMap<>();
    Arrays.stream(EnclaveStatus.values()).forEach(status -> java.put(status.name(), status.code()));
    assertEquals(constants("TEE_(OK|E_[A-Z_]+) = (\\d+)"), java);
  }

  @Test
  void operationsAreThoseOfTheHeader() throws IOException {
    Map<String, Integer> java = new TreeMap<>();
    Arrays.stream(Operation.values())
        .forEach(operation -> java.put(operation.name(), (int) operation.code()));
    assertEquals(constants("TEE_OP_([A-Z_]+) = (\\d+)"), java);
  }

  private static Map<String, Integer> constants(String pattern) throws IOException {
    Map<String, Integer> result = new TreeMap<>();
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(HEADER));
    while (matcher.find()) {
      result.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
    }
    return result;
  }
}
