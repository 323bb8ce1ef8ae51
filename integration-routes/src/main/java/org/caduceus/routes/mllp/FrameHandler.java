package org.caduceus.routes.mllp;

/** Takes frames from a listener. Called by one thread for each connection, in order of arrival. */
@FunctionalInterface
interface FrameHandler {
  /**
   * Blocks until the answer is known.
   *
   * @throws RuntimeException when there is no answer: the connection is closed, so that the sender
   *     repeats the message
   */
  MllpReply handle(MllpFrame frame);
}
