/**
 * What a compiled model needs to run, and nothing of the compiler.
 *
 * <p>Enters: {@code float[]} memory with {@code int} offsets, and calls from generated code. Leaves: the same memory,
 * filled in. Work is shared by a {@link nnc.runtime.Team} of threads whose {@link nnc.runtime.Worker}s all run one
 * program; {@link nnc.runtime.Products} are the matrix products; {@link nnc.runtime.Provider} chooses, once, between
 * code written with {@code jdk.incubator.vector} and plain Java.
 *
 * <p>A {@link nnc.runtime.Generator} runs a session again and again, each time for the next symbol of its sequences.
 *
 * <p>Everything here gives the same results to the last bit for any number of threads, any vector width and either
 * provider: work is cut by shape alone, and every sum has one fixed order.
 */
package nnc.runtime;
