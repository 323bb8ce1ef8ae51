package org.caduceus.enclave;

/** Operations of the enclave, one to one with {@code tee_abi.h}. */
enum Operation {
  INFO(1),
  EVIDENCE(2),
  ENTER_EPOCH(3),
  PROPOSE(4),
  VOTE(5),
  NEW_VIEW(6),
  SIGN_ENTRY(7),
  SEAL(8),
  OPEN(9),
  RETIRE(10),
  VERIFY_BATCH(11),
  RESUME_SIGN(13),
  CHECKPOINT(14),
  REWRAP(15),
  OPEN_SHARED(16),
  PEER_VERIFY(17),
  DP_BEGIN(18),
  DP_ADD(19),
  DP_RELEASE(20),
  AGG_BEGIN(21),
  AGG_SHARE(22),
  AGG_CONTRIBUTE(23),
  AGG_UNMASK(24),
  AGG_FINISH(25),
  ENTRY_PROVEN(26);

  private final short code;

  Operation(int code) {
    this.code = (short) code;
  }

  short code() {
    return code;
  }
}
