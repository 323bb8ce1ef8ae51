package org.caduceus.deploy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.caduceus.ledger.block.Suite;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A suite by the name that {@code caduceus-teed --suite} takes too. */
final class SuiteOption implements ITypeConverter<Suite> {
  @Override
  public Suite convert(String name) {
    return Arrays.stream(Suite.values())
        .filter(suite -> suite.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of "
                        + Arrays.stream(Suite.values())
                            .map(Suite::label)
                            .collect(Collectors.joining(", "))
                        + ", but got "
                        + name));
  }
}
