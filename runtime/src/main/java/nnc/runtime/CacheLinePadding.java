package nnc.runtime;

/**
 * Keeps the fields of a subclass two cache lines away from those of its neighbour in memory. Fields of a superclass are
 * laid out first, so the fields that are written all the time come after these, which never are.
 */
abstract class CacheLinePadding {
  long a0, a1, a2, a3, a4, a5, a6, a7;
  long b0, b1, b2, b3, b4, b5, b6, b7;
}
