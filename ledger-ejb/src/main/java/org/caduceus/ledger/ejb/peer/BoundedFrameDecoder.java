package org.caduceus.ledger.ejb.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;

/**
 * Cuts a connection's bytes into the broker's packets, as the broker's own decoder does, but
 * refuses one that says it is longer than a message may be. The broker's takes up to 2 GiB into
 * memory before it looks at them, of anybody with a certificate.
 */
final class BoundedFrameDecoder extends LengthFieldBasedFrameDecoder {
  private static final int LENGTH_BYTES = 4;

  private final Runnable tooLong;

  /**
   * For one connection.
   *
   * @param tooLong is told of a packet that says it is too long; the connection ends by itself
   */
  BoundedFrameDecoder(Runnable tooLong) {
    super(BrokerConfiguration.WHOLE_MESSAGE_BYTES, 0, LENGTH_BYTES);
    this.tooLong = tooLong;
  }

  @Override
  protected Object decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
    try {
      return super.decode(context, in);
    } catch (TooLongFrameException e) {
      tooLong.run();
      var unused = context.close(); // nobody waits for the end
      throw e;
    }
  }

  // As the broker's own: a copy that outlives the connection's buffer, read from after the length.
  @Override
  protected ByteBuf extractFrame(
      ChannelHandlerContext context, ByteBuf buffer, int index, int length) {
    ByteBuf frame = context.alloc().buffer(length);
    return frame.writeBytes(buffer, index, length).skipBytes(LENGTH_BYTES);
  }
}
