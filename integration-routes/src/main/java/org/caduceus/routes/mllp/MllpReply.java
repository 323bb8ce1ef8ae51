package org.caduceus.routes.mllp;

import java.util.List;
import org.caduceus.ledger.Bytes;

/**
 * What an {@code mllp:} route answers, each message to be sent in a frame of its own.
 *
 * @param messages in order; none for a frame that must not be answered
 */
public record MllpReply(List<Bytes> messages) {
  /** Silence. */
  public static final MllpReply NONE = new MllpReply(List.of());

  /** Copies the list. */
  public MllpReply {
    messages = List.copyOf(messages);
  }
}
