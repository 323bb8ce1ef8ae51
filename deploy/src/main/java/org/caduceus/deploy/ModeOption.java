package org.caduceus.deploy;

import org.caduceus.ledger.membership.EpochConfig;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A mode by the name that {@code deploy/simulate --mode} takes too. */
public final class ModeOption implements ITypeConverter<EpochConfig.Mode> {
  @Override
  public EpochConfig.Mode convert(String name) {
    return switch (name) {
      case "tee-1p" -> EpochConfig.Mode.TEE_1P;
      case "bft-2p" -> EpochConfig.Mode.BFT_2P;
      default -> throw new TypeConversionException("expected tee-1p or bft-2p, but got " + name);
    };
  }
}
