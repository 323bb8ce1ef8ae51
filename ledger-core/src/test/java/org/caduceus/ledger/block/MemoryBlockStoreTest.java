package org.caduceus.ledger.block;

import java.util.List;

final class MemoryBlockStoreTest implements BlockStoreContract {
  private final MemoryBlockStore store = new MemoryBlockStore();

  @Override
  public BlockStore store() {
    return store;
  }

  @Override
  public void accept(List<SignedEntry> entries) {
    entries.forEach(store::accept);
  }
}
