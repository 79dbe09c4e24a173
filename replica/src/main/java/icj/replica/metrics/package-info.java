/// What can be seen from outside: counters, gauges and histograms in the Prometheus text format,
/// health and readiness, on a loopback port of their own.
@NullMarked
package icj.replica.metrics;

import org.jspecify.annotations.NullMarked;
