package nnc.runtime.text;

/** Which symbol stands around a sequence: one that begins it, one that ends it. */
public enum Framing {
  PLAIN,
  STARTED,
  ENDED;

  /** How many symbols of a text fit into so many places. */
  public int room(int places) {
    return this == PLAIN ? places : places - 1;
  }

  /** Writes a part of the ids, and what stands around it, into a row whose other places hold padding. */
  public void write(int[] ids, int from, int count, float[] row) {
    int begin = this == STARTED ? 1 : 0;
    if (this == STARTED) {
      row[0] = Vocabulary.START;
    }
    for (int i = 0; i < count; i++) {
      row[begin + i] = ids[from + i];
    }
    if (this == ENDED) {
      row[count] = Vocabulary.END;
    }
  }
}
