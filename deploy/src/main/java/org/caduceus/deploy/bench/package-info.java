/**
 * Measurements that anybody can repeat: {@code deploy/bench}. They say what was measured and how;
 * they assert nothing, so no test depends on a clock. The load itself is made in {@code
 * deploy.load}; what a run printed is kept in {@code docs/benchmarks/results.json}, and {@code
 * docs/benchmarks.md} is made from that file by {@link org.caduceus.deploy.bench.BenchmarksPage}.
 */
package org.caduceus.deploy.bench;
